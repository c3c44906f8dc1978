using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Authorize;

/// <summary>The answer of the user, which answers the client too (RFC 6749 §4.1.2).</summary>
/// <param name="Ticked">Which of the optional scopes the user left in.</param>
internal sealed record DecideConsentCommand(string RequestId, Visitor Visitor, bool Allow, IReadOnlyList<string> Ticked)
    : IRequest<AuthorizeStep>,
        IAudited
{
    Audited IAudited.Audited => new(AuditWords.Consent) { Subject = Visitor.Subject };
}

internal sealed class DecideConsentHandler(
    OpenRequests open,
    IAuthorizationRequestStore requests,
    ClientDirectory clients,
    CodeIssuer codes,
    TimeProvider time
) : IRequestHandler<DecideConsentCommand, AuthorizeStep>
{
    public async Task<AuthorizeStep> Handle(DecideConsentCommand command, CancellationToken ct)
    {
        var (visitor, now) = (command.Visitor, time.GetUtcNow());
        if (!(await open.FindAsync(command.RequestId, visitor, ct)).Try(out var request, out var refusal))
            return refusal;
        if (!request.Narrow(command.Ticked).Try(out var ticked, out refusal))
            return refusal;
        var scope = command.Allow && ticked.Count > 0 ? ticked : null; // to allow nothing is to deny
        if (request.NextStep(visitor) is AuthorizeStep.SignIn signIn)
            return signIn;
        if (await clients.RecallAsync(request.ClientId, ct) is not { } client)
            return OAuthError.InvalidRequest("The application is no longer registered here.");

        if (scope is null)
            return await codes.DenyAsync(request, visitor, OAuthError.AccessDenied(), now, ct);
        if (request.IsSignedIn(visitor))
            return await codes.IssueAsync(request, client, visitor, scope, now, ct);
        return await requests.TryApproveAsync(request.Id, scope, ct)
            ? new AuthorizeStep.Upstream(request.Id)
            : AuthorizationRequest.AlreadyAnswered;
    }
}
