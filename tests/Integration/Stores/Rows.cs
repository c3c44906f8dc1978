using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;
using OAuthMcp.Domain.Upstream;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Integration.Stores;

/// <summary>What tests put into stores: each with a name of its own, so that the tests of one database do not meet.</summary>
internal static class Rows
{
    public static readonly Secret Password = new("correct horse battery");

    public static readonly UpstreamProvider Provider = new()
    {
        Name = "corp",
        DisplayName = "Corp",
        Kind = ProviderKind.Oidc,
        BaseUrl = "https://login.corp.example",
        CallbackPath = "/signin/corp/callback",
        ClientId = "us",
        Scopes = ["openid", "api"],
        Rules = new EntryRules([], [], [], NamesAreUnique: false),
    };

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TokenHash Hash() => TokenHash.Of(Secret.Generate());

    public static Domain.Clients.Client Client(DateTimeOffset now, ClientOrigin origin = ClientOrigin.Registered, string? id = null) =>
        new()
        {
            Id = id ?? Identifier.New("cli"),
            Name = "App",
            RedirectUris = ["https://app.example/callback", "http://127.0.0.1/callback"],
            GrantTypes = [GrantTypes.AuthorizationCode, GrantTypes.RefreshToken],
            TokenEndpointAuthMethod = AuthMethods.ClientSecretPost,
            OtherAuthMethods = [AuthMethods.ClientSecretBasic],
            SecretHash = Hash(),
            RegistrationTokenHash = Hash(),
            MachineScope = ScopeSet.Of(ScopeSet.Read),
            CreatedAt = now,
            Origin = origin,
        };

    public static AuthorizationRequest Request(DateTimeOffset now, string? clientId = null) =>
        new()
        {
            Id = Secret.Generate().Reveal(),
            ClientId = clientId ?? Identifier.New("cli"),
            RedirectUri = "https://app.example/callback",
            State = "the%20state",
            Scope = ScopeSet.Of(ScopeSet.Read, ScopeSet.Write),
            Resource = "https://mcp.example/mcp",
            CodeChallenge = new PkceChallenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            Browser = Hash(),
            CreatedAt = now,
        };

    public static Grant Grant(DateTimeOffset now, string subject, string clientId) =>
        new()
        {
            Id = Identifier.New("grt"),
            Subject = subject,
            ClientId = clientId,
            Scope = ScopeSet.Of(ScopeSet.Read, ScopeSet.Write),
            Resource = "https://mcp.example/mcp",
            CreatedAt = now,
            ExpiresAt = now.AddDays(90),
        };

    public static AuthorizationCode Code(DateTimeOffset now, Grant grant) =>
        new()
        {
            Hash = Hash(),
            GrantId = grant.Id,
            ClientId = grant.ClientId,
            RedirectUri = "https://app.example/callback",
            CodeChallenge = new PkceChallenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            ExpiresAt = now.AddMinutes(1),
        };

    public static RefreshToken RefreshToken(DateTimeOffset now, Grant grant, TokenHash? family = null, int generation = 0) =>
        new()
        {
            Hash = Hash(),
            Family = family,
            Generation = generation,
            GrantId = grant.Id,
            ClientId = grant.ClientId,
            ExpiresAt = now.AddDays(30),
        };

    public static Consent Consent(DateTimeOffset now, string subject, string clientId) =>
        new()
        {
            Subject = subject,
            ClientId = clientId,
            Scope = ScopeSet.Of(ScopeSet.Read),
            ClientDigest = "digest",
            GivenAt = now,
            ExpiresAt = now.AddDays(90),
        };

    public static AccessTokenClaims AccessToken(DateTimeOffset now, Grant? grant) =>
        new()
        {
            JwtId = Identifier.New("at"),
            Issuer = "https://mcp.example",
            Audience = "https://mcp.example/mcp",
            Subject = grant?.Subject ?? "cli_machine",
            ClientId = grant?.ClientId ?? "cli_machine",
            GrantId = grant?.Id,
            Scope = ScopeSet.Of(ScopeSet.Read),
            IssuedAt = now,
            ExpiresAt = now.AddHours(1),
        };

    public static UpstreamSignIn SignIn(DateTimeOffset now) =>
        new()
        {
            State = Hash(),
            Provider = Provider.Name,
            Nonce = Hash(),
            CodeVerifier = Secret.Generate(),
            Browser = Hash(),
            RequestId = "request",
            Then = "/account",
            LinkTo = "usr_alice",
            CreatedAt = now,
        };

    public static UpstreamIdentity Identity(string? subject = null, string userName = "octocat") =>
        new(
            new UpstreamUser(subject ?? Identifier.New("sub"), userName, [], []),
            new UpstreamTokenSet(Secret.Generate(), Secret.Generate(), TimeSpan.FromHours(1), ["openid", "api"])
        );

    /// <summary>An account with a password, which tokens can belong to.</summary>
    public static async Task<SignedInAccount> AccountAsync(this StoreFixture stores)
    {
        var added = await stores.InAsync((IAccounts accounts) => accounts.AddAsync(Identifier.New("user"), Password, Ct));
        Assert.True(added.Try(out var account, out var refusal), refusal?.Description);
        return account;
    }

    /// <summary>An account that came from a provider.</summary>
    public static async Task<SignedInAccount> AccountAsync(this StoreFixture stores, UpstreamIdentity identity, string? linkTo = null)
    {
        var result = await stores.InAsync((IUpstreamAccounts accounts) => accounts.SignInAsync(Provider, identity, linkTo, stores.Now, Ct));
        Assert.True(result.Try(out var signedIn, out var refusal), refusal?.Detail);
        return signedIn.Account;
    }

    /// <summary>A user allows a client: the grant and its code, as /authorize leaves them.</summary>
    public static async Task<(Grant Grant, AuthorizationCode Code)> AllowAsync(
        this StoreFixture stores,
        string? subject = null,
        string? clientId = null
    )
    {
        var request = Request(stores.Now, clientId);
        var grant = Grant(stores.Now, subject ?? Identifier.New("usr"), request.ClientId);
        var code = Code(stores.Now, grant);
        await stores.InAsync(
            async (OAuthDbContext db) =>
            {
                db.AddRange(request with { AnsweredAt = stores.Now }, grant, code);
                await db.SaveChangesAsync(Ct);
            }
        );
        return (grant, code);
    }

    /// <summary>What a user need not be asked again.</summary>
    public static Task RememberAsync(this StoreFixture stores, Consent consent) =>
        stores.InAsync(
            async (OAuthDbContext db) =>
            {
                db.Add(consent);
                await db.SaveChangesAsync(Ct);
            }
        );

    /// <summary>And the client has exchanged the code: the family's first refresh token.</summary>
    public static async Task<(Grant Grant, RefreshToken Token)> FamilyAsync(this StoreFixture stores)
    {
        var (grant, code) = await stores.AllowAsync();
        var first = RefreshToken(stores.Now, grant);
        Assert.True(await stores.InAsync((IAuthorizationCodeStore codes) => codes.TryRedeemAsync(code.Hash, stores.Now, first, Ct)));
        return (grant, first);
    }
}
