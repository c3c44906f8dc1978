using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Application.Settings;
using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Infrastructure.Keys;

/// <summary>
/// Tokens for the API behind this server alone, in the caller's name and with this server as the actor (RFC 8693 §4.1). Each try
/// gets a new one, for a minute and never longer than the caller's own.
/// </summary>
internal sealed class ExchangedTokens(SigningKeyRing keys, OAuthSettings settings, TimeProvider time) : IDownstreamTokens
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };

    public Task<DownstreamToken> GetAsync(Caller caller, Secret? refused, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var expiresAt = caller.ExpiresAt < now + Lifetime ? caller.ExpiresAt.Value : now + Lifetime;
        var token = handler.CreateToken(
            new SecurityTokenDescriptor
            {
                TokenType = "at+jwt",
                SigningCredentials = keys.Current,
                Claims = new Dictionary<string, object?>
                {
                    ["iss"] = settings.Issuer,
                    ["aud"] = settings.DownstreamAudience,
                    ["sub"] = caller.Subject,
                    ["client_id"] = caller.ClientId,
                    ["scope"] = caller.Scope.ToString(),
                    ["act"] = new Dictionary<string, object> { ["sub"] = settings.Resource.Canonical },
                    ["jti"] = Identifier.New("xt"),
                    ["iat"] = now.ToUnixTimeSeconds(),
                    ["exp"] = expiresAt.ToUnixTimeSeconds(),
                },
            }
        );
        return Task.FromResult(new DownstreamToken(new Secret(token)));
    }
}
