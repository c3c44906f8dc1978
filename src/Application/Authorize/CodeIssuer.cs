using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Application.Authorize;

/// <summary>
/// Answers a request that its user has allowed, once: makes the grant, and the code on its way back to the client (RFC 6749
/// §4.1.2).
/// </summary>
internal sealed class CodeIssuer(
    IAuthorizationRequestStore requests,
    IConsentStore consents,
    ClientDirectory clients,
    Answers answers,
    OAuthSettings settings
)
{
    /// <summary>Answers what the user has just allowed, and remembers it.</summary>
    public async Task<AuthorizeStep> IssueAsync(
        AuthorizationRequest request,
        Client client,
        Visitor visitor,
        ScopeSet scope,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var consent = new Consent
        {
            Subject = visitor.Subject!,
            ClientId = client.Id,
            Scope = scope,
            ClientDigest = Consent.DigestOf(client),
            GivenAt = now,
            ExpiresAt = now + settings.GrantLifetime,
        };
        await clients.KeepAsync(client, ct);
        return await AnswerAsync(request, consent, Consent.IsRememberedFor(request), visitor, now, ct);
    }

    /// <summary>What the user allowed before, where that answers the request too. Null means that the user has to be asked.</summary>
    public async Task<Consent?> FindConsentAsync(
        AuthorizationRequest request,
        Client client,
        Visitor visitor,
        DateTimeOffset now,
        CancellationToken ct
    ) =>
        request.IsSignedIn(visitor)
        && await consents.FindAsync(visitor.Subject!, client.Id, ct) is { } consent
        && consent.Answers(request, client, now)
            ? consent with
            {
                Scope = request.Scope,
            }
            : null;

    /// <summary>Answers by what the user allowed before. The grant ends when that does.</summary>
    public Task<AuthorizeStep> AnswerByAsync(
        AuthorizationRequest request,
        Consent consent,
        Visitor visitor,
        DateTimeOffset now,
        CancellationToken ct
    ) => AnswerAsync(request, consent, isNew: false, visitor, now, ct);

    /// <param name="error">What the client is told: that the user did not allow it, or could not be asked.</param>
    public async Task<AuthorizeStep> DenyAsync(
        AuthorizationRequest request,
        Visitor visitor,
        OAuthError error,
        DateTimeOffset now,
        CancellationToken ct
    ) =>
        await requests.TryAnswerAsync(request.Id, now, null, ct)
            ? new AuthorizeStep.Redirect(request.Respond(settings.Issuer, error))
            : await answers.FollowAsync(request, visitor, null, ct);

    private async Task<AuthorizeStep> AnswerAsync(
        AuthorizationRequest request,
        Consent consent,
        bool isNew,
        Visitor visitor,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var salt = Secret.Generate().Reveal();
        var code = AuthorizationRequest.Code(visitor.Browser!, salt);
        var (grant, issued) = Allow(request, consent, code, now);
        return await requests.TryAnswerAsync(request.Id, now, new Allowed(grant, issued, salt, visitor.Stamp, isNew ? consent : null), ct)
            ? new AuthorizeStep.Redirect(request.Respond(settings.Issuer, code))
            : await answers.FollowAsync(request, visitor, consent.Scope, ct);
    }

    private (Grant, AuthorizationCode) Allow(AuthorizationRequest request, Consent consent, Secret code, DateTimeOffset now)
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
