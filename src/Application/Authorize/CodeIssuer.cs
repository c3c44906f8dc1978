using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Application.Authorize;

/// <summary>Answers a request that its user has allowed: the grant, and its code on the way back to the client (RFC 6749 §4.1.2). Once a request.</summary>
internal sealed class CodeIssuer(IAuthorizationRequestStore requests, OAuthSettings settings)
{
    public async Task<AuthorizeStep> IssueAsync(AuthorizationRequest request, string subject, ScopeSet scope, DateTimeOffset now, CancellationToken ct)
    {
        var code = Secret.Generate();
        return await requests.TryAnswerAsync(request.Id, now, Allowed(request, subject, scope, code, now), ct)
            ? new AuthorizeStep.Redirect(AuthorizationRequest.Response(request.RedirectUri, request.State, settings.Issuer, ("code", code.Reveal())))
            : AuthorizationRequest.AlreadyAnswered;
    }

    public async Task<AuthorizeStep> DenyAsync(AuthorizationRequest request, DateTimeOffset now, CancellationToken ct) => await requests.TryAnswerAsync(request.Id, now, null, ct)
        ? new AuthorizeStep.Redirect(AuthorizationRequest.ErrorResponse(request.RedirectUri, request.State, settings.Issuer, OAuthError.AccessDenied()), OAuthError.AccessDenied())
        : AuthorizationRequest.AlreadyAnswered;

    private (Grant, AuthorizationCode) Allowed(AuthorizationRequest request, string subject, ScopeSet scope, Secret code, DateTimeOffset now)
    {
        var grant = new Grant
        {
            Id = Identifier.New("grt"),
            Subject = subject,
            ClientId = request.ClientId,
            Scope = scope,
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
