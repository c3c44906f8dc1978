using MediatR;
using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Application.Authorize;

/// <summary>The user's answer, and with it the answer to the client (RFC 6749 §4.1.2).</summary>
public sealed record DecideConsentCommand(string RequestId, Visitor Visitor, bool Allow) : IRequest<AuthorizeStep>;

internal sealed class DecideConsentHandler(IAuthorizationRequestStore requests, ClientDirectory clients, OAuthSettings settings, TimeProvider time)
    : IRequestHandler<DecideConsentCommand, AuthorizeStep>
{
    public async Task<AuthorizeStep> Handle(DecideConsentCommand command, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var request = await requests.FindAsync(command.RequestId, ct);
        if (command.Visitor.Refuse(request, now) is { } refusal) return refusal;
        if (request!.NextStep(command.Visitor.Subject, command.Visitor.SignedInAt) is not AuthorizeStep.Consent) return new AuthorizeStep.SignIn(request.Id);
        if (await clients.FindAsync(request.ClientId, ct) is null) return OAuthError.InvalidRequest("The application is no longer registered here.");

        var code = Secret.Generate();
        if (!await requests.TryAnswerAsync(request.Id, now, command.Allow ? Allowed(request, command.Visitor.Subject!, code, now) : null, ct))
            return OAuthError.InvalidRequest("This request was already answered. Start again from your application.");

        return command.Allow
            ? new AuthorizeStep.Redirect(AuthorizationRequest.Response(request.RedirectUri, request.State, settings.Issuer, ("code", code.Reveal())))
            : new AuthorizeStep.Redirect(AuthorizationRequest.ErrorResponse(request.RedirectUri, request.State, settings.Issuer, OAuthError.AccessDenied()), OAuthError.AccessDenied());
    }

    private (Grant, AuthorizationCode) Allowed(AuthorizationRequest request, string subject, Secret code, DateTimeOffset now)
    {
        var grant = new Grant
        {
            Id = Identifier.New("grt"),
            Subject = subject,
            ClientId = request.ClientId,
            Scope = request.Scope,
            Resource = request.Resource,
            CreatedAt = now,
            ExpiresAt = now + settings.GrantLifetime,
        };
        return (grant, new AuthorizationCode
        {
            Hash = TokenHash.Of(code),
            GrantId = grant.Id,
            ClientId = request.ClientId,
            RedirectUri = request.RedirectUri,
            CodeChallenge = request.CodeChallenge,
            ExpiresAt = now + settings.CodeLifetime,
        });
    }
}
