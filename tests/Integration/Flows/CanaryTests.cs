using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Integration.Hosting;
using OAuthMcp.Integration.Telemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace OAuthMcp.Integration.Flows;

/// <summary>
/// A secret in every field of every request, the one that it belongs to and all others, where people paste it: it is in no line of
/// the log at its most talkative level, in no event, span or metric, and in no answer.
/// </summary>
public sealed class CanaryTests
{
    private const string Canary = "c4n4ry";

    private static readonly string[] AuthorizationFields =
    [
        .. "response_type client_id redirect_uri code_challenge code_challenge_method state scope resource prompt max_age".Split(' '),
        .. "login_hint nonce display ui_locales acr_values id_token_hint request request_uri response_mode claims dpop_jkt".Split(' '),
        .. "code access_token password unknown".Split(' '),
    ];

    private static readonly string[] TokenFields =
    [
        .. "grant_type code redirect_uri code_verifier client_id client_secret refresh_token scope resource audience".Split(' '),
        .. "client_assertion client_assertion_type assertion username password token token_type_hint unknown".Split(' '),
    ];

    private static readonly string[] ClientMembers =
    [
        .. "redirect_uris grant_types response_types token_endpoint_auth_method scope contacts jwks jwks_uri".Split(' '),
        .. "software_statement software_id software_version client_uri logo_uri tos_uri policy_uri application_type".Split(' '),
        .. "client_secret client_id registration_access_token unknown".Split(' '),
    ];

    private static readonly string[] McpHeaders =
    [
        .. "Authorization Mcp-Session-Id Last-Event-ID MCP-Protocol-Version Mcp-Method Mcp-Name Mcp-Param-Message Origin".Split(' '),
        .. "Cookie User-Agent Referer X-Api-Key Accept-Language DPoP traceparent tracestate baggage X-Forwarded-For Forwarded".Split(' '),
    ];

    private readonly List<(string Where, string Text)> answers = [];
    private int number;
    private TestServer server = null!;

    [Fact]
    public async Task L_01_what_is_written_into_any_field_is_written_down_nowhere()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var started = server = await TestServer.StartAsync([
            .. receiver.Variables,
            ("Serilog:MinimumLevel:Default", "Verbose"),
            ("Accounts:Administrators:0", "bob"),
        ]);
        using var client = await TestClient.RegisterAsync(server);
        using var confidential = await TestClient.RegisterAsync(server, ("token_endpoint_auth_method", "client_secret_post"));
        var (access, refresh) = await client.SignInAsync();
        await AskForAuthorizationAsync(client);
        await AskForTokensAsync(client, confidential, refresh);
        await RegisterAsync();
        await CallAsync(access);
        await FillPagesAsync(client);

        server.App.Services.GetRequiredService<TracerProvider>().ForceFlush(5000);
        server.App.Services.GetRequiredService<MeterProvider>().ForceFlush(5000);
        server.App.Services.GetRequiredService<LoggerProvider>().ForceFlush(5000);
        await receiver.GetsAsync("/v1/traces", "POST /token");
        await receiver.GetsAsync("/v1/metrics", "oauthmcp.tokens.refused");
        await receiver.GetsAsync("/v1/logs", "/authorize");
        await server.App.StopAsync(TestContext.Current.CancellationToken); // which writes the events that wait
        var trail = await server.AuditAsync();
        Assert.Contains(trail, happened => happened is { What: "token_issue", Decision: "refused" });

        string[] found =
        [
            .. server.Log.All.Select(line => $"log: {line}"),
            .. server.Log.Audit.Select(line => $"stream: {LogLines.Render(line)}"),
            .. trail.Select(happened => $"trail: {happened}"),
            .. answers.Select(answer => $"answer to {answer.Where}: {answer.Text}"),
            .. OtlpReceiver.Paths.Select(path => $"{path}: {receiver.TextOf(path)}"),
        ];
        List<string> canaries = [.. found.SelectMany(Canaries)];
        Assert.True(canaries.Count == 0, string.Join("\n\n", canaries));
        Assert.InRange(number, 150, int.MaxValue); // every one of those was sent
    }

    // With what stands around it, and each kind once.
    private static IEnumerable<string> Canaries(string text)
    {
        for (var at = 0; (at = text.IndexOf(Canary, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
            yield return text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 100)];
    }

    private string Next() => $"{Canary}{++number}";

    private async Task SendAsync(string where, HttpRequestMessage request)
    {
        using var response = await server.SendAsync(request);
        Keep(where, $"{response.Headers} {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
    }

    private void Keep(string where, string text) => answers.Add((where, text));

    private async Task AskForAuthorizationAsync(TestClient client)
    {
        using var browser = server.Browser();
        foreach (var field in AuthorizationFields)
        {
            await browser.OpenAsync(client.AuthorizationUrl((field, Next())));
            var isSentBack = browser.Page is null && field != "state";
            Keep($"/authorize {field}", $"{browser.Text} {(isSentBack ? browser.Location : "")}");
        }

        foreach (
            var path in new[] { "/signin", "/consent", "/connections", "/account", "/admin", "/mcp", "/signin/callback", "/health/ready" }
        )
        foreach (var field in new[] { "code", "state", "access_token", "request", "then", "error", "error_description", "iss" })
            await SendAsync($"{path} {field}", new(HttpMethod.Get, $"{path}?{field}={Next()}"));
    }

    private async Task AskForTokensAsync(TestClient client, TestClient confidential, string refresh)
    {
        Dictionary<string, string>[] good =
        [
            new()
            {
                ["grant_type"] = "authorization_code",
                ["client_id"] = client.Id,
                ["code"] = "unknown",
                ["redirect_uri"] = TestClient.RedirectUri,
                ["code_verifier"] = client.Verifier,
            },
            new()
            {
                ["grant_type"] = "refresh_token",
                ["client_id"] = client.Id,
                ["refresh_token"] = refresh,
            },
            new()
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = confidential.Id,
                ["client_secret"] = confidential.Secret!,
            },
        ];
        foreach (var form in good)
        foreach (var field in TokenFields)
        foreach (var path in new[] { "/token", "/revoke", "/introspect" })
            await SendAsync(
                $"{path} {field}",
                new(HttpMethod.Post, path)
                {
                    Content = new FormUrlEncodedContent(new Dictionary<string, string>(form) { [field] = Next() }),
                }
            );
        foreach (var scheme in new[] { "Basic", "Bearer", "DPoP", Canary })
            await SendAsync(
                "/token with another Authorization",
                new(HttpMethod.Post, "/token")
                {
                    Content = new FormUrlEncodedContent(good[0]),
                    Headers =
                    {
                        Authorization = new(scheme, Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Next()}:{Next()}"))),
                        UserAgent = { new ProductInfoHeaderValue(Next(), "1") },
                    },
                }
            );
        await SendAsync(
            "/token with another type",
            new(HttpMethod.Post, "/token") { Content = new StringContent(Next(), Encoding.UTF8, $"text/{Canary}") }
        );
        await SendAsync("/token JSON", new(HttpMethod.Post, "/token") { Content = new StringContent($$"""{"code":"{{Next()}}"}""") });
    }

    private async Task RegisterAsync()
    {
        foreach (var member in ClientMembers)
        foreach (
            var value in new JsonNode[]
            {
                Next(),
                new JsonArray(Next()),
                new JsonObject { [Next()] = Next() },
            }
        )
        {
            var metadata = new JsonObject { ["redirect_uris"] = new JsonArray(TestClient.RedirectUri), [member] = value };
            using var response = await server.SendAsync(
                new(HttpMethod.Post, "/register")
                {
                    Content = new StringContent(metadata.ToJsonString(), Encoding.UTF8, "application/json"),
                    Headers = { Authorization = new("Bearer", Next()) },
                }
            );
            if (!response.IsSuccessStatusCode) // a client is told what it is known by
                Keep($"/register {member}", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        await SendAsync(
            "/register",
            new(HttpMethod.Post, "/register") { Content = new StringContent($$"""{"{{Next()}}": nonsense {{Next()}}""") }
        );
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Put, HttpMethod.Delete })
            await SendAsync(
                $"{method} /register/…",
                new(method, "/register/cli_unknown") { Headers = { Authorization = new("Bearer", Next()) } }
            );
    }

    private async Task CallAsync(string access)
    {
        var session = await server.OpenSessionAsync(access);
        string[] messages =
        [
            $$"""{"{{Next()}}":"2.0","id":1,"method":"tools/list"}""",
            McpRequests.Message(Next(), "{}"),
            McpRequests.Message("tools/call", $$$"""{"name":"{{{Next()}}}","arguments":{}}"""),
            McpRequests.Message(
                "tools/call",
                $$$"""{"name":"who_am_i","arguments":{"{{{Next()}}}":"{{{Next()}}}"},"_meta":{"{{{Next()}}}":"{{{Next()}}}"}}"""
            ),
            McpRequests.Message("tools/call", $$$"""{"name":"make_authenticated_request","arguments":{"message":["{{{Next()}}}"]}}"""),
            McpRequests.Call("make_authenticated_request", $$"""{"message":"{{Next()}}"}"""),
            McpRequests.Message(
                "initialize",
                $$$"""{"protocolVersion":"{{{Next()}}}","capabilities":{"{{{Next()}}}":{}},"clientInfo":{"name":"{{{Next()}}}","version":"{{{Next()}}}"}}"""
            ),
            McpRequests.Message("logging/setLevel", $$"""{"level":"{{Next()}}"}"""),
            McpRequests.Message("resources/read", $$"""{"uri":"{{Next()}}"}"""),
            $$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"{{{Next()}}}","reason":"{{{Next()}}}"}}""",
            $"[{Next()}",
        ];
        foreach (var message in messages) // an answer names what its caller called
        {
            using var answered = await server.PostMcpAsync(access, message, ("Mcp-Session-Id", session));
            using var unknown = await server.PostMcpAsync(Next(), message);
        }

        foreach (var header in McpHeaders)
        {
            using var answered = await server.PostMcpAsync(access, McpRequests.Call("who_am_i"), (header, Next()));
            await SendAsync(
                $"/mcp {header}",
                McpRequests.Request(null, headers: (header, header == "Authorization" ? $"Bearer {Next()}" : Next()))
            );
        }
    }

    private async Task FillPagesAsync(TestClient client)
    {
        using var browser = server.Browser();
        await browser.OpenAsync(client.AuthorizationUrl());
        await FillAsync(
            browser,
            browser.Location.PathAndQuery,
            ("username", "alice"),
            ("password", Next()),
            ("request", Next()),
            ("then", Next())
        );
        await browser.OpenAsync("/signin");
        await browser.SignInAsync("bob");
        foreach (
            var (path, fields) in new (string, string[])[]
            {
                ("/account/password", ["current", "password", "confirmation"]),
                ("/account/authenticator", ["code"]),
                ("/account/passkeys", ["credential", "name", "state"]),
                ("/account/passkeys/remove", ["id"]),
                ("/account/recovery-codes", ["code"]),
                ("/connections/disconnect", ["client"]),
                ("/connections?handler=Unlink", ["provider"]),
                ("/consent", ["request", "decision", "scope"]),
                ("/signin/code", ["code"]),
                ("/signin/upstream", ["provider", "then", "request"]),
            }
        )
        {
            await browser.OpenAsync("/account");
            await FillAsync(browser, path, [.. fields.Select(field => (field, Next()))]);
        }
    }

    private async Task FillAsync(TestBrowser browser, string path, params (string, string)[] fields)
    {
        await browser.PostAsync(path, fields);
        Keep(path, $"{browser.Response.Headers} {browser.Text}");
    }
}
