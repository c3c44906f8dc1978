using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Unit.Upstream;

/// <summary>GitHub as it is configured, and alice's way there and token of it.</summary>
internal static class Upstreams
{
    public static readonly Secret State = new("state-canary");
    public static readonly Secret CodeThere = new("code-there-canary");

    public static readonly UpstreamProvider Provider = new()
    {
        Name = "github",
        DisplayName = "GitHub",
        Kind = ProviderKind.GitHub,
        BaseUrl = "https://github.com",
        CallbackPath = "/signin/callback",
        ClientId = "client-there",
        ClientSecret = new Secret("client-secret-there-canary"),
        Scopes = ["read:user"],
        Rules = new EntryRules([], [], [], NamesAreUnique: true),
    };

    public static UpstreamSignIn SignIn(string? requestId = "request-1", string? linkTo = null, DateTimeOffset? usedAt = null) =>
        new()
        {
            State = TokenHash.Of(State),
            Provider = "github",
            Nonce = TokenHash.Of(new Secret("nonce-canary")),
            CodeVerifier = Given.Verifier,
            Browser = Given.Browser,
            RequestId = requestId,
            LinkTo = linkTo,
            CreatedAt = Given.Now,
            UsedAt = usedAt,
        };

    public static UpstreamToken Token() =>
        new()
        {
            Subject = Given.Subject,
            Provider = "github",
            Identity = "583231",
            AccessToken = new Secret("upstream-access-canary"),
            RefreshToken = new Secret("upstream-refresh-canary"),
            Scope = ["read:user"],
            ExpiresAt = Given.Now.AddHours(8),
            Generation = Given.Now.UtcTicks,
        };
}
