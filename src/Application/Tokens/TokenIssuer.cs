using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Application.Tokens;

/// <summary>
/// Makes the tokens of a grant, within what was granted and configured. It stores nothing: whoever calls it makes sure of single
/// use before handing them out.
/// </summary>
internal sealed class TokenIssuer(IAccessTokenSigner signer, OAuthSettings settings, CurrentAct act)
{
    public OAuthError? Refuse(IReadOnlyList<string> resources) => settings.Resource.Refuse(resources);

    public bool IsWithinGrace(RefreshToken rotated, DateTimeOffset now) => rotated.IsWithinGrace(settings.RefreshGrace, now);

    /// <summary>
    /// The scope of a refreshed access token: what was granted, or the part of it that was asked for. More than was
    /// granted is <c>invalid_scope</c>; what this server does not know is dropped (RFC 6749 §6).
    /// </summary>
    public Result<ScopeSet> Narrow(Grant grant, string? scope)
    {
        if (!ScopeSet.Parse(scope).Try(out var parsed, out var refusal))
            return refusal;
        var asked = parsed.Intersect(settings.SupportedScopes.Union(grant.Scope));
        if (!grant.Scope.Covers(asked))
            return OAuthError.InvalidScope("scope exceeds the grant");
        return asked.Count > 0 ? asked : grant.Scope;
    }

    /// <param name="refreshToken">The refresh token to hand out with it; null for none.</param>
    public TokenResponse Issue(Client client, Grant grant, ScopeSet scope, Secret? refreshToken, DateTimeOffset now)
    {
        var lifetime = grant.ExpiresAt - now < settings.AccessTokenLifetime ? grant.ExpiresAt - now : settings.AccessTokenLifetime;
        return new TokenResponse(
            Sign(client, grant.Subject, grant.Id, grant.Resource, scope, now, lifetime),
            lifetime,
            scope,
            refreshToken
        );
    }

    /// <summary>A token in the client's own name: no family, no refresh (RFC 6749 §4.4.3).</summary>
    public TokenResponse IssueToMachine(Client client, ScopeSet scope, DateTimeOffset now) =>
        new(
            Sign(client, client.Id, null, settings.Resource.Canonical, scope, now, settings.AccessTokenLifetime),
            settings.AccessTokenLifetime,
            scope,
            null
        );

    private Secret Sign(
        Client client,
        string subject,
        string? grantId,
        string audience,
        ScopeSet scope,
        DateTimeOffset now,
        TimeSpan lifetime
    )
    {
        (act.Subject, act.Scope) = (subject, scope);
        return signer.Sign(
            new AccessTokenClaims
            {
                JwtId = Identifier.New("at"),
                Issuer = settings.Issuer,
                Audience = audience,
                Subject = subject,
                ClientId = client.Id,
                GrantId = grantId,
                Scope = scope,
                IssuedAt = now,
                ExpiresAt = now + lifetime,
            }
        );
    }

    /// <summary>The record of a refresh token that is about to be handed out.</summary>
    /// <param name="generation">How many of its family were before it.</param>
    public RefreshToken Record(Secret refreshToken, int generation, Client client, Grant grant, DateTimeOffset now) =>
        new()
        {
            Hash = TokenHash.Of(refreshToken),
            Family = RefreshToken.FamilyOf(refreshToken),
            Generation = generation,
            GrantId = grant.Id,
            ClientId = client.Id,
            ExpiresAt = now + settings.RefreshTokenLifetime,
        };
}
