using System.Net;
using System.Text.Json;
using OAuthMcp.Application.Settings;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Remote;
using OAuthMcp.Infrastructure.Tokens;

namespace OAuthMcp.Infrastructure.Authority;

/// <summary>
/// Access tokens of an external authorization server that is asked about each of them (RFC 7662). A good answer is used for as long
/// as is configured, which is how long a revoked token still works; a refusal for seconds, since the server may know the token a
/// moment later. Both are remembered apart, so that guesses do not displace good answers.
/// </summary>
internal sealed class IntrospectedTokens(ExternalAuthority authority, RemoteIssuer issuer, RemoteHttp http, TimeProvider time)
    : IAccessTokenChecks,
        IDisposable
{
    private static readonly TimeSpan LongestRefusal = TimeSpan.FromSeconds(5);

    private readonly VerifiedTokens<Known> answers = new(time);
    private readonly VerifiedTokens<OAuthError> refusals = new(time);
    private readonly IntrospectionTurns turns = new();

    public async Task<Result<CheckedAccessToken>> CheckAsync(Secret token, string? peer, CancellationToken ct)
    {
        var (known, now) = (answers.Find(token), time.GetUtcNow());
        if (known is not null && now < known.FreshUntil)
            return known.Token;
        if (refusals.Find(token) is { } refused)
            return refused;
        var answer = await AuthorityClaims.WithinBudgetAsync(budget => AskInTurnAsync(token, known is not null, peer, now, budget), ct);
        if (answer.Try(out var live, out var refusal))
        {
            answers.Keep(token, new Known(live, now + authority.IntrospectionCache), live.Token.ExpiresAt);
            return live;
        }

        if (refusal.Code == "invalid_token")
        {
            answers.Forget(token);
            refusals.Keep(token, refusal, now + new[] { authority.IntrospectionCache, LongestRefusal }.Min());
        }

        return refusal;
    }

    public void Dispose() => turns.Dispose();

    private async Task<Result<CheckedAccessToken>> AskInTurnAsync(
        Secret token,
        bool wasGood,
        string? peer,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        using var turn = await turns.WaitAsync(wasGood, peer, ct);
        return turn.IsAcquired ? await AskAsync(token, now, ct) : OAuthError.TooManyRequests(LongestRefusal);
    }

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
        // RFC 7662 §2.2 makes the issuer optional, so only a different one refuses. The audience has to be there.
        if (members.Text("iss") is { } named && named != authority.Issuer)
            return AuthorityClaims.About(TokenRules.OfAnotherIssuer(named, authority.Issuer), members);
        if (
            members.Text("token_type") is { } type
            && !type.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            && !type.Equals("access_token", StringComparison.OrdinalIgnoreCase)
        )
            return AuthorityClaims.About(TokenRules.OfAnotherType(type), members);
        var audiences = Audiences(members).ToList();
        if (!audiences.Intersect(authority.Audiences, StringComparer.Ordinal).Any())
            return AuthorityClaims.About(TokenRules.OfAnotherAudience(string.Join(", ", audiences), authority.Audiences), members);
        return AuthorityClaims.Read(members, authority, now);
    }

    // A single audience is a text, which may hold spaces.
    private static IEnumerable<string> Audiences(JsonElement members) => members.Text("aud") is { } one ? [one] : members.Texts("aud");

    /// <param name="FreshUntil">Until when the authority is not asked again.</param>
    private sealed record Known(CheckedAccessToken Token, DateTimeOffset FreshUntil);
}
