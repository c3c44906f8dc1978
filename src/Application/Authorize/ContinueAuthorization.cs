using MediatR;
using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Authorize;

namespace OAuthMcp.Application.Authorize;

/// <summary>What comes next for a request that has begun: the one place that decides it.</summary>
public sealed record ContinueAuthorizationCommand(string RequestId, Visitor Visitor) : IRequest<AuthorizeStep>;

internal sealed class ContinueAuthorizationHandler(IAuthorizationRequestStore requests, ClientDirectory clients, CodeIssuer codes, TimeProvider time)
    : IRequestHandler<ContinueAuthorizationCommand, AuthorizeStep>
{
    public async Task<AuthorizeStep> Handle(ContinueAuthorizationCommand command, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var request = await requests.FindAsync(command.RequestId, ct);
        if (command.Visitor.Refuse(request, now) is { } refusal) return refusal;
        var step = request!.NextStep(command.Visitor.Subject, command.Visitor.SignedInAt);
        if (step is not AuthorizeStep.Consent || await clients.FindAsync(request.ClientId, ct) is not { } client) return step;
        return await codes.FindConsentAsync(request, client, command.Visitor.Subject!, now, ct) is { } consent ? await codes.RepeatAsync(request, consent, now, ct) : step;
    }
}
