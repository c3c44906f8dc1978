using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Protocol;
using OAuthMcp.Application.Settings;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Unit;

/// <summary>One consistent story (a client, its request, code, grant and tokens at one moment); a test names only what differs.</summary>
internal static class Given
{
    public const string Issuer = "https://mcp.example";
    public const string Resource = Issuer + "/mcp";
    public const string Callback = "https://app.example/callback";
    public const string ClientId = "cli_app";
    public const string Subject = "usr_alice";

    /// <summary>RFC 7636, appendix B.</summary>
    public const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    /// <summary>RFC 7517, appendix A.1.</summary>
    public const string Jwks =
        """{"keys":[{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","kid":"1"}]}""";

    public static readonly Secret Verifier = new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    public static readonly Secret ClientSecret = new("client-secret-canary");
    public static readonly Secret CodeValue = new("code-canary");
    public static readonly Secret RefreshTokenValue = new("refresh-token-canary");
    public static readonly Secret AccessTokenValue = new("access-token-canary");
    public static readonly Secret BrowserCookie = new("browser-cookie-canary");
    public static readonly TokenHash Browser = TokenHash.Of(BrowserCookie);
    public static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static readonly OAuthSettings Settings = new()
    {
        Issuer = Issuer,
        Resource = new ResourceIndicator(Issuer),
        SupportedScopes = ScopeSet.Of(ScopeSet.Read, ScopeSet.Write),
        DefaultScopes = ScopeSet.Of(ScopeSet.Read),
        AccessTokenLifetime = TimeSpan.FromHours(1),
        RefreshTokenLifetime = TimeSpan.FromDays(30),
        GrantLifetime = TimeSpan.FromDays(90),
        CodeLifetime = TimeSpan.FromMinutes(1),
        RefreshGrace = TimeSpan.FromSeconds(10),
        SigningAlgorithm = "ES256",
        RegistrationEnabled = true,
        MaxOpenAuthorizations = 100_000,
        MaxRegisteredClients = 100_000,
        LocalAccounts = true,
        PrivateUseSchemes = RedirectUri.KnownSchemes,
    };

    public static Client Client(
        string id = ClientId,
        string method = AuthMethods.ClientSecretPost,
        string[]? redirectUris = null,
        string[]? grantTypes = null,
        bool preRegistered = false,
        DateTimeOffset? disabledAt = null
    ) =>
        new()
        {
            Id = id,
            Name = "App",
            RedirectUris = redirectUris ?? [Callback],
            GrantTypes = grantTypes ?? [GrantTypes.AuthorizationCode, GrantTypes.RefreshToken],
            TokenEndpointAuthMethod = method,
            SecretHash = method == AuthMethods.None ? null : TokenHash.Of(ClientSecret),
            CreatedAt = Now.AddDays(-1),
            Origin = preRegistered ? ClientOrigin.PreRegistered : ClientOrigin.Registered,
            DisabledAt = disabledAt,
        };

    /// <summary>A store that holds these clients.</summary>
    public static IClientStore Store(params Client[] clients)
    {
        var store = Substitute.For<IClientStore>();
        foreach (var client in clients)
            store.FindAsync(client.Id, Arg.Any<CancellationToken>()).Returns(client);
        return store;
    }

    public static ClientResolver Resolver(Client client) =>
        new(new ServiceCollection().AddScoped(_ => Directory(client)).BuildServiceProvider().GetRequiredService<IServiceScopeFactory>());

    public static ClientDirectory Directory(params Client[] clients) =>
        new(Store(clients), Substitute.For<IMetadataDocuments>(), new MetClients(), Settings, new FakeTimeProvider(Now));

    public static ClientAuthenticator Authenticator(params Client[] clients) =>
        new(
            Directory(clients),
            Substitute.For<IClientAssertions>(),
            Substitute.For<IUsedOnce>(),
            Substitute.For<IMetadataDocuments>(),
            new CurrentAct()
        );

    public static ClientCredentials Credentials(
        string? id = ClientId,
        Secret? secret = null,
        string method = AuthMethods.ClientSecretPost
    ) => new(id, method == AuthMethods.None ? null : secret ?? ClientSecret, method);

    public static AuthorizationRequest Request(
        string? state = "xyz",
        bool requiresFreshSignIn = false,
        DateTimeOffset? createdAt = null,
        DateTimeOffset? answeredAt = null,
        string? salt = null
    ) =>
        new()
        {
            Id = "request-1",
            ClientId = ClientId,
            RedirectUri = Callback,
            State = state,
            Scope = ScopeSet.Of(ScopeSet.Read),
            Resource = Resource,
            CodeChallenge = new PkceChallenge(Challenge),
            Browser = Browser,
            RequiresFreshSignIn = requiresFreshSignIn,
            CreatedAt = createdAt ?? Now,
            AnsweredAt = answeredAt,
            ApprovedScope = salt is null ? null : ScopeSet.Of(ScopeSet.Read),
            CodeSalt = salt,
        };

    public static Visitor Visitor(Secret? browser = null, string? subject = Subject) =>
        new(browser ?? BrowserCookie, subject, subject is null ? null : Now.AddHours(-1), "stamp-1");

    public static OpenRequests Open(IAuthorizationRequestStore requests, TimeProvider? time = null) =>
        new(requests, new CurrentAct(), time ?? new FakeTimeProvider(Now));

    /// <summary>Of a server that knows this code, if any, and its grant.</summary>
    public static Answers Answers(
        IAuthorizationRequestStore requests,
        AuthorizationCode? code = null,
        Grant? grant = null,
        DateTimeOffset? now = null
    )
    {
        var (codes, grants) = (Substitute.For<IAuthorizationCodeStore>(), Substitute.For<IGrantStore>());
        if (code is not null)
            codes.FindAsync(code.Hash, Arg.Any<CancellationToken>()).Returns(code);
        grants.FindAsync("grt_1", Arg.Any<CancellationToken>()).Returns(grant ?? Grant());
        return new(requests, codes, grants, Settings, new FakeTimeProvider(now ?? Now));
    }

    public static CodeIssuer Codes(IAuthorizationRequestStore requests, IConsentStore consents, Answers? answers = null) =>
        new(requests, consents, Directory(), answers ?? Answers(requests), Settings);

    /// <summary>What alice allowed the client, which answers <see cref="Request"/>.</summary>
    public static Consent Consent(string scope = "mcp.read", Client? client = null, DateTimeOffset? expiresAt = null) =>
        new()
        {
            Subject = Subject,
            ClientId = ClientId,
            Scope = ScopeSet.Of(scope.Split(' ')),
            ClientDigest = Domain.Authorize.Consent.DigestOf(client ?? Client()),
            GivenAt = Now.AddDays(-1),
            ExpiresAt = expiresAt ?? Now.AddDays(89),
        };

    public static AuthorizationCode Code(
        string issuedTo = ClientId,
        DateTimeOffset? expiresAt = null,
        DateTimeOffset? redeemedAt = null,
        Secret? value = null
    ) =>
        new()
        {
            Hash = TokenHash.Of(value ?? CodeValue),
            GrantId = "grt_1",
            ClientId = issuedTo,
            RedirectUri = Callback,
            CodeChallenge = new PkceChallenge(Challenge),
            ExpiresAt = expiresAt ?? Now.AddMinutes(1),
            RedeemedAt = redeemedAt,
        };

    public static Grant Grant(string scope = "mcp.read mcp.write", DateTimeOffset? expiresAt = null, DateTimeOffset? revokedAt = null) =>
        new()
        {
            Id = "grt_1",
            Subject = Subject,
            ClientId = ClientId,
            Scope = ScopeSet.Of(scope.Split(' ')),
            Resource = Resource,
            CreatedAt = Now,
            ExpiresAt = expiresAt ?? Now.AddDays(90),
            RevokedAt = revokedAt,
        };

    public static RefreshToken RefreshToken(
        string issuedTo = ClientId,
        DateTimeOffset? expiresAt = null,
        DateTimeOffset? rotatedAt = null,
        string? salt = null
    ) =>
        new()
        {
            Hash = TokenHash.Of(RefreshTokenValue),
            GrantId = "grt_1",
            ClientId = issuedTo,
            ExpiresAt = expiresAt ?? Now.AddDays(30),
            RotatedAt = rotatedAt,
            SuccessorSalt = salt,
        };

    /// <summary>The claims of an access token; without a grant it is a machine's.</summary>
    public static AccessTokenClaims AccessToken(string issuedTo = ClientId, string? grantId = "grt_1") =>
        new()
        {
            JwtId = "at_1",
            Issuer = Issuer,
            Audience = Resource,
            Subject = grantId is null ? issuedTo : Subject,
            ClientId = issuedTo,
            GrantId = grantId,
            Scope = ScopeSet.Of(ScopeSet.Read),
            IssuedAt = Now,
            ExpiresAt = Now.AddHours(1),
        };

    public static Caller Caller(string token) => new(new Secret(token)) { Subject = Subject, Scope = ScopeSet.Of(ScopeSet.Read) };

    /// <summary>The refusal of an answer that must be one.</summary>
    public static OAuthError Refusal(IOutcome outcome) => Assert.IsType<OAuthError>(outcome.Error);

    /// <summary>The value of an answer that must have one.</summary>
    public static T Served<T>(Result<T> result)
        where T : class
    {
        Assert.True(result.Try(out var value, out var refusal), $"{refusal?.Code}: {refusal?.Detail ?? refusal?.Description}");
        return value;
    }
}
