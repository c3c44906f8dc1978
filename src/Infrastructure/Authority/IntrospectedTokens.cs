using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Caching.Memory;
using OAuthMcp.Application.Settings;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Remote;

namespace OAuthMcp.Infrastructure.Authority;

/// <summary>
/// Access tokens of an external authorization server that is asked about each of them (RFC 7662). An answer is used for
/// as long as configured: that is how long a revoked token lives on here. A refusal is not kept: it may be of a token
/// that the server has not heard of yet, and who guesses would push out the good answers.
/// </summary>
internal sealed class IntrospectedTokens(ExternalAuthority authority, RemoteIssuer issuer, RemoteHttp http, TimeProvider time)
    : IAccessTokenChecks,
        IDisposable
{
    private readonly MemoryCache answers = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    public async Task<Result<CheckedAccessToken>> CheckAsync(Secret token, CancellationToken ct)
    {
        var (cacheKey, now) = (TokenHash.Of(token).Value, time.GetUtcNow());
        if (answers.TryGetValue(cacheKey, out Known? known) && now < known!.Until)
            return known.Token;
        var answer = await AuthorityClaims.WithinBudgetAsync(budget => AskAsync(token, now, budget), ct);
        if (!answer.Try(out var live, out var refusal))
            return refusal;
        var until = new[] { live.Token.ExpiresAt, now + authority.IntrospectionCache }.Min();
        if (until > now)
            answers.Set(
                cacheKey,
                new Known(live, until),
                new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = until - now }
            );
        return live;
    }

    public void Dispose() => answers.Dispose();

    private async Task<Result<CheckedAccessToken>> AskAsync(Secret token, DateTimeOffset now, CancellationToken ct)
    {
        var metadata = await issuer.GetAsync(ct);
        var answer = await http.PostAsync(
            issuer.Endpoint(metadata, "introspection_endpoint"),
            [new("token", token.Reveal()), new("token_type_hint", "access_token")],
            (authority.ClientId!, authority.ClientSecret!),
            mayRepeat: true,
            ct
        );
        if (answer is not { Status: HttpStatusCode.OK, Members: { } members })
            throw new RemoteException($"the introspection endpoint answers {(int)answer.Status}");
        if (members.Member("active") is not { ValueKind: JsonValueKind.True })
            return OAuthError.InvalidToken("The access token is not active.");
        // RFC 7662 §2.2 leaves them out at will: who is not named is not another, but an audience has to be named.
        if (members.Text("iss") is { } named && named != authority.Issuer)
            return OAuthError.InvalidToken("The access token was issued by another issuer.");
        if (
            members.Text("token_type") is { } type
            && !type.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            && !type.Equals("access_token", StringComparison.OrdinalIgnoreCase)
        )
            return OAuthError.InvalidToken("The token is not an access token.");
        if (!Audiences(members).Intersect(authority.Audiences, StringComparer.Ordinal).Any())
            return OAuthError.InvalidToken("The access token was issued for another audience.");
        return AuthorityClaims.Read(members, authority, now);
    }

    // One audience is a text, and may hold spaces.
    private static IEnumerable<string> Audiences(JsonElement members) => members.Text("aud") is { } one ? [one] : members.Texts("aud");

    private sealed record Known(CheckedAccessToken Token, DateTimeOffset Until);
}
