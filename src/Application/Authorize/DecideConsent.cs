using MediatR;
using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Authorize;

/// <summary>The user's answer, and with it the answer to the client (RFC 6749 §4.1.2).</summary>
/// <param name="Ticked">Which of the scopes that the user has a choice about were left in.</param>
public sealed record DecideConsentCommand(string RequestId, Visitor Visitor, bool Allow, IReadOnlyList<string> Ticked)
    : IRequest<AuthorizeStep>;

internal sealed class DecideConsentHandler(
    IAuthorizationRequestStore requests,
    ClientDirectory clients,
    CodeIssuer codes,
    TimeProvider time
) : IRequestHandler<DecideConsentCommand, AuthorizeStep>
{
    public async Task<AuthorizeStep> Handle(DecideConsentCommand command, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var request = await requests.FindAsync(command.RequestId, ct);
        if (command.Visitor.Refuse(request, now) is { } refusal)
            return refusal;
        if (request!.NextStep(command.Visitor.Subject, command.Visitor.SignedInAt) is AuthorizeStep.SignIn signIn)
            return signIn;
        if (await clients.FindAsync(request.ClientId, ct) is not { } client)
            return OAuthError.InvalidRequest("The application is no longer registered here.");
        if (!request.Narrow(command.Ticked).Try(out var scope, out var tampered))
            return tampered;

        if (!command.Allow || scope.Count == 0)
            return await codes.DenyAsync(request, now, ct); // who allows nothing denies
        if (request.IsSignedIn(command.Visitor.Subject, command.Visitor.SignedInAt))
            return await codes.IssueAsync(request, client, command.Visitor.Subject!, scope, now, ct);
        return await requests.TryApproveAsync(request.Id, scope, ct)
            ? new AuthorizeStep.Upstream(request.Id)
            : AuthorizationRequest.AlreadyAnswered;
    }
}
