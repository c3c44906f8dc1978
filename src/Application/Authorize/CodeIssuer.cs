using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Application.Authorize;

/// <summary>
/// Answers a request that its user has allowed: the grant, and its code on the way back to the client (RFC 6749 §4.1.2). Once a
/// request.
/// </summary>
internal sealed class CodeIssuer(IAuthorizationRequestStore requests, IConsentStore consents, OAuthSettings settings)
{
    /// <summary>The user has just allowed it, and need not be asked for the same again.</summary>
    public async Task<AuthorizeStep> IssueAsync(
        AuthorizationRequest request,
        Client client,
        string subject,
        ScopeSet scope,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var consent = new Consent
        {
            Subject = subject,
            ClientId = client.Id,
            Scope = scope,
            ClientDigest = Consent.DigestOf(client),
            GivenAt = now,
            ExpiresAt = now + settings.GrantLifetime,
        };
        var step = await AnswerAsync(request, consent, now, ct);
        if (step is AuthorizeStep.Redirect && Consent.IsRememberedFor(request))
            await consents.RememberAsync(consent, ct);
        return step;
    }

    /// <summary>What the user allowed before, where that answers the request too; else null, and the user is to be asked.</summary>
    public async Task<Consent?> FindConsentAsync(
        AuthorizationRequest request,
        Client client,
        string subject,
        DateTimeOffset now,
        CancellationToken ct
    ) =>
        await consents.FindAsync(subject, client.Id, ct) is { } consent && consent.Answers(request, client, now)
            ? consent with
            {
                Scope = request.Scope,
            }
            : null;

    /// <summary>Answers by what the user allowed before; the grant ends when that does.</summary>
    public Task<AuthorizeStep> RepeatAsync(AuthorizationRequest request, Consent consent, DateTimeOffset now, CancellationToken ct) =>
        AnswerAsync(request, consent, now, ct);

    public async Task<AuthorizeStep> DenyAsync(AuthorizationRequest request, DateTimeOffset now, CancellationToken ct) =>
        await requests.TryAnswerAsync(request.Id, now, null, ct)
            ? new AuthorizeStep.Redirect(
                AuthorizationRequest.ErrorResponse(request.RedirectUri, request.State, settings.Issuer, OAuthError.AccessDenied()),
                OAuthError.AccessDenied()
            )
            : AuthorizationRequest.AlreadyAnswered;

    private async Task<AuthorizeStep> AnswerAsync(AuthorizationRequest request, Consent consent, DateTimeOffset now, CancellationToken ct)
    {
        var code = Secret.Generate();
        return await requests.TryAnswerAsync(request.Id, now, Allowed(request, consent, code, now), ct)
            ? new AuthorizeStep.Redirect(
                AuthorizationRequest.Response(request.RedirectUri, request.State, settings.Issuer, ("code", code.Reveal()))
            )
            : AuthorizationRequest.AlreadyAnswered;
    }

    private (Grant, AuthorizationCode) Allowed(AuthorizationRequest request, Consent consent, Secret code, DateTimeOffset now)
    {
        var grant = new Grant
        {
            Id = Identifier.New("grt"),
            Subject = consent.Subject,
            ClientId = request.ClientId,
            Scope = consent.Scope,
            Resource = request.Resource,
            CreatedAt = now,
            ExpiresAt = consent.ExpiresAt,
        };
        return (
            grant,
            new AuthorizationCode
            {
                Hash = TokenHash.Of(code),
                GrantId = grant.Id,
                ClientId = request.ClientId,
                RedirectUri = request.RedirectUri,
                CodeChallenge = request.CodeChallenge,
                ExpiresAt = now + settings.CodeLifetime,
            }
        );
    }
}
