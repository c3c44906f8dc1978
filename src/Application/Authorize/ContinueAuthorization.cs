using MediatR;
using OAuthMcp.Domain.Authorize;

namespace OAuthMcp.Application.Authorize;

/// <summary>What comes next for a request that has begun: the one place that decides it.</summary>
public sealed record ContinueAuthorizationCommand(string RequestId, Visitor Visitor) : IRequest<AuthorizeStep>;

internal sealed class ContinueAuthorizationHandler(IAuthorizationRequestStore requests, TimeProvider time) : IRequestHandler<ContinueAuthorizationCommand, AuthorizeStep>
{
    public async Task<AuthorizeStep> Handle(ContinueAuthorizationCommand command, CancellationToken ct)
    {
        var request = await requests.FindAsync(command.RequestId, ct);
        if (command.Visitor.Refuse(request, time.GetUtcNow()) is { } refusal) return refusal;
        return request!.NextStep(command.Visitor.Subject, command.Visitor.SignedInAt);
    }
}
