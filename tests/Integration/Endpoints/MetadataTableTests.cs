using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>
/// W-03: each thing the metadata document advertises works, and each well-known thing it does not is refused. The golden file, which
/// the document equals, is the table.
/// </summary>
public sealed class MetadataTableTests(ConfiguredServer configured) : IClassFixture<ConfiguredServer>
{
    private static readonly JsonObject Golden = (JsonObject)
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Endpoints", "Golden", "oauth-authorization-server.json")))!;
    private static readonly string[] KnownGrants =
    [
        "authorization_code",
        "refresh_token",
        "client_credentials",
        "password",
        "implicit",
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "urn:ietf:params:oauth:grant-type:saml2-bearer",
        "urn:ietf:params:oauth:grant-type:token-exchange",
        "urn:openid:params:grant-type:ciba",
        "anything",
    ];
    private static readonly string[] KnownMethods =
    [
        "none",
        "client_secret_basic",
        "client_secret_post",
        "private_key_jwt",
        "client_secret_jwt",
        "tls_client_auth",
        "self_signed_tls_client_auth",
    ];
    private static readonly string[] KnownAlgorithms = ["ES256", "RS256", "PS256", "none", "HS256", "RS512", "PS512", "ES384"];
    private readonly TestServer server = configured.Server;

    public static TheoryData<string, bool> Grants => Table(KnownGrants, "grant_types_supported");
    public static TheoryData<string, bool> Algorithms => Table(KnownAlgorithms, "token_endpoint_auth_signing_alg_values_supported");
    public static TheoryData<string, bool> ResponseTypes =>
        Table(["code", "token", "id_token", "code id_token", "code token", "none"], "response_types_supported");
    public static TheoryData<string, bool> ChallengeMethods => Table(["S256", "plain", "S512"], "code_challenge_methods_supported");
    public static TheoryData<string> Endpoints =>
        [
            .. Golden
                .Where(member => member.Key.EndsWith("_endpoint", StringComparison.Ordinal) || member.Key == "jwks_uri")
                .Select(member => (string)member.Value!),
        ];
    public static TheoryData<string> Scopes => [.. Strings("scopes_supported")];

    public static TheoryData<string, string, bool> Methods
    {
        get
        {
            var table = new TheoryData<string, string, bool>();
            foreach (var endpoint in new[] { "token", "revocation", "introspection" })
            foreach (var method in KnownMethods)
                table.Add(endpoint, method, Strings($"{endpoint}_endpoint_auth_methods_supported").Contains(method));
            return table;
        }
    }

    [Theory]
    [MemberData(nameof(Grants))]
    public async Task W_03_serves_the_grants_it_advertises_and_no_other(string grant, bool isAdvertised)
    {
        using var client = await TestClient.RegisterAsync(server);
        using var machine = configured.Reporter();
        using var response = grant switch
        {
            "authorization_code" => await client.ExchangeAsync(await client.CodeAsync()),
            "refresh_token" => await client.RefreshAsync((await client.SignInAsync()).Refresh),
            _ => await machine.PostAsync(
                "/token",
                new()
                {
                    ["grant_type"] = grant,
                    ["username"] = "alice",
                    ["password"] = TestServer.Password,
                    ["assertion"] = "x",
                    ["subject_token"] = "x",
                    ["device_code"] = "x",
                }
            ),
        };
        if (isAdvertised)
            Assert.True(await server.AcceptsAsync((string)(await response.JsonAsync())["access_token"]!));
        else
            await response.AssertErrorAsync(400, "unsupported_grant_type");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task W_03_takes_the_authentication_methods_it_advertises_and_no_other(string endpoint, string method, bool isAdvertised)
    {
        var path = new Uri((string)Golden[$"{endpoint}_endpoint"]!).AbsolutePath;
        using var client = method switch
        {
            "private_key_jwt" => await configured.Key.RegisterAsync(server),
            "client_secret_jwt" or "tls_client_auth" or "self_signed_tls_client_auth" => await TestClient.RegisterAsync(
                server,
                ("token_endpoint_auth_method", "client_secret_basic")
            ),
            _ => await TestClient.RegisterAsync(server, ("token_endpoint_auth_method", method)),
        };
        using var sender = new TestClient(server, client.Id, client.Secret, method == "client_secret_basic" ? method : "none");
        Dictionary<string, string?> form = new()
        {
            ["grant_type"] = "refresh_token",
            ["refresh_token"] = "unknown",
            ["token"] = "unknown",
            ["client_id"] = client.Id,
        };
        foreach (var (name, value) in Proof(method, client))
            form[name] = value;
        using var response = await sender.PostAsync(path, form);

        // What comes after the client has proven itself: nothing is known of such a token.
        if (!isAdvertised)
            await response.AssertErrorAsync(401, "invalid_client");
        else if (endpoint == "token")
            await response.AssertErrorAsync(400, "invalid_grant");
        else
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task W_03_takes_the_signatures_it_advertises_and_no_other(string algorithm, bool isAdvertised)
    {
        using var key = new ClientKey(algorithm);
        using var client = await key.RegisterAsync(server);
        using var response = await client.RefreshAsync("unknown", ClientKey.Fields(Sign(algorithm, key, client.Id)));
        await response.AssertErrorAsync(isAdvertised ? 400 : 401, isAdvertised ? "invalid_grant" : "invalid_client");
    }

    [Theory]
    [MemberData(nameof(ResponseTypes))]
    public Task W_03_serves_the_response_types_it_advertises_and_no_other(string type, bool isAdvertised) =>
        AuthorizeAsync("response_type", type, isAdvertised, "unsupported_response_type");

    [Theory]
    [MemberData(nameof(ChallengeMethods))]
    public Task W_03_takes_the_challenge_methods_it_advertises_and_no_other(string method, bool isAdvertised) =>
        AuthorizeAsync("code_challenge_method", method, isAdvertised, "invalid_request");

    [Theory]
    [MemberData(nameof(Scopes))]
    public async Task W_03_grants_the_scopes_it_advertises(string scope)
    {
        using var client = await TestClient.RegisterAsync(server);
        var (access, _) = await client.SignInAsync("alice", ("scope", scope));
        Assert.Contains(scope, ((string)ForgedToken.Claims(access)["scope"]!).Split(' '));
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task W_03_is_where_it_says(string endpoint)
    {
        var path = new Uri(endpoint).AbsolutePath;
        using var got = await server.SendAsync(new HttpRequestMessage(HttpMethod.Get, path));
        using var posted = await server.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new StringContent("", Encoding.UTF8, "application/x-www-form-urlencoded"),
            }
        );
        Assert.NotEqual(HttpStatusCode.NotFound, got.StatusCode);
        Assert.Single(new[] { got, posted }, response => response.StatusCode != HttpStatusCode.MethodNotAllowed);
    }

    private async Task AuthorizeAsync(string name, string value, bool isAdvertised, string error)
    {
        using var client = configured.Portal();
        using var response = await client.Http.GetAsync(
            client.AuthorizationUrl(("redirect_uri", ConfiguredServer.WebRedirectUri), (name, value)),
            TestContext.Current.CancellationToken
        );
        if (isAdvertised)
            response.AssertAccepted();
        else
            response.AssertErrorRedirect(server, error, redirectUri: ConfiguredServer.WebRedirectUri);
    }

    private (string Name, string? Value)[] Proof(string method, TestClient client) =>
        method switch
        {
            "client_secret_post" => [("client_secret", client.Secret)],
            "private_key_jwt" => configured.Key.Assertion(server, client.Id),
            "client_secret_jwt" => ClientKey.Fields(
                ForgedToken.Assemble(ClientKey.Header("HS256"), ClientKey.Claims(server, client.Id), input =>
                    HMACSHA256.HashData(Encoding.UTF8.GetBytes(client.Secret!), input)
                )
            ),
            _ => [],
        };

    // A good signature each, so that nothing but the algorithm can be what is refused.
    private string Sign(string algorithm, ClientKey key, string clientId) =>
        ForgedToken.Assemble(ClientKey.Header(algorithm), ClientKey.Claims(server, clientId), input => algorithm switch
            {
                "none" => [],
                "HS256" => HMACSHA256.HashData(Encoding.UTF8.GetBytes(key.Jwks.ToJsonString()), input),
                _ => key.Sign(input),
            });

    private static IEnumerable<string> Strings(string member) => Golden[member]!.AsArray().Select(item => (string)item!);

    private static TheoryData<string, bool> Table(string[] known, string member)
    {
        var advertised = Strings(member).ToList();
        var table = new TheoryData<string, bool>();
        foreach (var value in known.Union(advertised))
            table.Add(value, advertised.Contains(value));
        return table;
    }
}
