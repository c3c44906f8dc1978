using MediatR;
using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Authorize;

/// <summary>The user's answer, and with it the answer to the client (RFC 6749 §4.1.2).</summary>
public sealed record DecideConsentCommand(string RequestId, Visitor Visitor, bool Allow) : IRequest<AuthorizeStep>;

internal sealed class DecideConsentHandler(IAuthorizationRequestStore requests, ClientDirectory clients, CodeIssuer codes, TimeProvider time)
    : IRequestHandler<DecideConsentCommand, AuthorizeStep>
{
    public async Task<AuthorizeStep> Handle(DecideConsentCommand command, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var request = await requests.FindAsync(command.RequestId, ct);
        if (command.Visitor.Refuse(request, now) is { } refusal) return refusal;
        if (request!.NextStep(command.Visitor.Subject, command.Visitor.SignedInAt) is AuthorizeStep.SignIn signIn) return signIn;
        if (await clients.FindAsync(request.ClientId, ct) is null) return OAuthError.InvalidRequest("The application is no longer registered here.");

        if (!command.Allow) return await codes.DenyAsync(request, now, ct);
        if (request.IsSignedIn(command.Visitor.Subject, command.Visitor.SignedInAt)) return await codes.IssueAsync(request, command.Visitor.Subject!, request.Scope, now, ct);
        return await requests.TryApproveAsync(request.Id, request.Scope, ct) ? new AuthorizeStep.Upstream(request.Id) : AuthorizationRequest.AlreadyAnswered;
    }
}
