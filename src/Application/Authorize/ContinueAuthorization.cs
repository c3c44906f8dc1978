using MediatR;
using OAuthMcp.Domain.Authorize;

namespace OAuthMcp.Application.Authorize;

/// <summary>What comes next for a request that has begun: the one place that decides it.</summary>
public sealed record ContinueAuthorizationCommand(string RequestId, Visitor Visitor) : IRequest<AuthorizeStep>;

internal sealed class ContinueAuthorizationHandler(IAuthorizationRequestStore requests, CodeIssuer codes, TimeProvider time) : IRequestHandler<ContinueAuthorizationCommand, AuthorizeStep>
{
    public async Task<AuthorizeStep> Handle(ContinueAuthorizationCommand command, CancellationToken ct)
    {
        var request = await requests.FindAsync(command.RequestId, ct);
        var now = time.GetUtcNow();
        var visitor = command.Visitor;
        if (visitor.Refuse(request, now) is { } refusal) return refusal;
        return request!.ApprovedScope is { } scope && request.IsSignedIn(visitor.Subject, visitor.SignedInAt)
            ? await codes.IssueAsync(request, visitor.Subject!, scope, now, ct)
            : request.NextStep(visitor.Subject, visitor.SignedInAt);
    }
}
