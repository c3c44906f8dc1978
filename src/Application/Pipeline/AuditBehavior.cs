using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Pipeline;

/// <summary>
/// One event for each use case that leaves one, served or refused. What an operator must not miss is in the trail before the answer
/// is given; the rest follows within a second.
/// </summary>
internal sealed class AuditBehavior<TRequest, TResponse>(IAuditTrail trail, CurrentAct act, IRequestOrigin origin, TimeProvider time)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>, IAudited
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken ct, RequestHandlerDelegate<TResponse> next)
    {
        act.Begin(request.Audited, origin, time);
        try
        {
            var response = await next();
            if (act.EventOf((response as IOutcome)?.Error) is { } happened)
                await TellAsync(happened);
            return response;
        }
        finally
        {
            act.End(); // what else is done in this request is another act
        }
    }

    private async Task TellAsync(AuditEvent happened)
    {
        origin.Name(act.Written ?? happened);
        if (act.Written is { } written)
            trail.Tell(written);
        else if (act.IsUrgent)
            await trail.WriteAsync(happened, CancellationToken.None); // what was done stays done when its client hangs up
        else
            trail.Note(happened);
    }
}
