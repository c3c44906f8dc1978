using MediatR;
using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Authorize;

namespace OAuthMcp.Application.Authorize;

/// <summary>What comes next for a request that has begun: the one place that decides it.</summary>
public sealed record ContinueAuthorizationCommand(string RequestId, Visitor Visitor) : IRequest<AuthorizeStep>;

internal sealed class ContinueAuthorizationHandler(
    IAuthorizationRequestStore requests,
    ClientDirectory clients,
    CodeIssuer codes,
    TimeProvider time
) : IRequestHandler<ContinueAuthorizationCommand, AuthorizeStep>
{
    public async Task<AuthorizeStep> Handle(ContinueAuthorizationCommand command, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var request = await requests.FindAsync(command.RequestId, ct);
        var visitor = command.Visitor;
        if (visitor.Refuse(request, now) is { } refusal)
            return refusal;
        if (!request!.IsSignedIn(visitor.Subject, visitor.SignedInAt) || await clients.FindAsync(request.ClientId, ct) is not { } client)
            return request.NextStep(visitor.Subject, visitor.SignedInAt);
        // Allowed before the way to the provider.
        if (request.ApprovedScope is { } scope)
            return await codes.IssueAsync(request, client, visitor.Subject!, scope, now, ct);
        return await codes.FindConsentAsync(request, client, visitor.Subject!, now, ct) is { } consent
            ? await codes.RepeatAsync(request, consent, now, ct)
            : request.NextStep(visitor.Subject, visitor.SignedInAt);
    }
}
