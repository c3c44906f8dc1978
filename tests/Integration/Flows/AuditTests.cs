using System.Net;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Flows;

/// <summary>What an operator can reconstruct: one line for each refusal, with code, client and trace id.</summary>
public sealed class AuditTests
{
    [Fact]
    public async Task L_03_each_refusal_is_one_line_with_its_code_client_and_trace_id()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var refusals = new (string Error, string Path, Func<Task<HttpResponseMessage>> Send)[]
        {
            ("invalid_grant", "/token", () => client.ExchangeAsync("unknown")),
            ("unsupported_grant_type", "/token", () =>
                client.PostAsync("/token", new() { ["grant_type"] = "password", ["client_id"] = client.Id })
            ),
            ("invalid_request", "/token", () => client.PostAsync("/token", new() { ["client_id"] = client.Id })),
            ("invalid_request", "/revoke", () => client.PostAsync("/revoke", new() { ["client_id"] = client.Id })),
            ("invalid_client", "/introspect", () => client.PostAsync("/introspect", new() { ["client_id"] = client.Id, ["token"] = "x" })),
            ("invalid_redirect_uri", "/register", () =>
                client.Http.PostAsync("/register", new StringContent("{}"), TestContext.Current.CancellationToken)
            ),
            ("invalid_request", "/authorize", () =>
                client.Http.GetAsync("/authorize?client_id=nobody", TestContext.Current.CancellationToken)
            ),
            ("invalid_scope", "/authorize", () =>
                client.Http.GetAsync(client.AuthorizationUrl(("scope", "\"")), TestContext.Current.CancellationToken)
            ),
            ("invalid_token", "/mcp", () => server.PostMcpAsync("forged")),
            ("unauthorized", "/mcp", () => server.PostMcpAsync(null)),
        };
        foreach (var (error, path, send) in refusals)
        {
            using var response = await send();
            // Told apart by the order: of two lines for one request the second would stand where the next one's is wanted.
            var line = await server.Log.NextAsync(found =>
                found.Contains(" trace=", StringComparison.Ordinal) && !found.Contains("/register 201", StringComparison.Ordinal)
            );
            Assert.Contains($" {path} ", line, StringComparison.Ordinal);
            Assert.Contains($"error={error} ", line, StringComparison.Ordinal);
            Assert.Matches("trace=[0-9a-f]{32}", line);
            if (response.Content.Headers.ContentType?.MediaType == "application/json")
                Assert.Contains($"trace={(await response.JsonAsync())["trace_id"]} ", line, StringComparison.Ordinal);
            if (path is "/token" or "/revoke")
                Assert.Contains($"client={client.Id} ", line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task L_03_names_who_answered_on_a_page()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        using var browser = server.Browser();
        await (await browser.OpenAsync(client.AuthorizationUrl())).SignInAsync();
        await browser.SubmitAsync("Deny");
        var line = await server.Log.NextAsync(found => found.Contains(" /consent 303 ", StringComparison.Ordinal));
        Assert.Matches("subject=usr_[A-Za-z0-9_-]+ error=access_denied ", line);
    }

    [Fact]
    public async Task L_03_says_whose_a_genuine_token_was_that_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var (token, _) = await client.SignInAsync();
        using var refused = await server.PostMcpAsync(ForgedToken.Resign(server, token, ("aud", "https://other.example")));
        await refused.AssertErrorAsync(401, "invalid_token");
        var line = await server.Log.NextAsync(found => found.Contains("The access token is for", StringComparison.Ordinal));
        foreach (var claim in new[] { "jti", "client_id", "sub" })
            Assert.Contains((string)ForgedToken.Claims(token)[claim]!, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task L_04_a_fault_shows_its_trace_id_and_nothing_else()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        using var outage = await Outage.OfTablesAsync(server);
        using var response = await client.ExchangeAsync("any");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var body = await response.JsonAsync();
        Assert.Equal(["error", "error_description", "trace_id"], body.Select(member => member.Key));
        await server.Log.NextAsync(line => line.Contains((string)body["trace_id"]!, StringComparison.Ordinal));
    }
}
