using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Integration.Hosting;
using OAuthMcp.Integration.Mcp;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace OAuthMcp.Integration.Telemetry;

/// <summary>Traces and metrics as a collector gets them: what they join, what they count, and what never gets into them.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task One_trace_joins_a_tool_call_to_the_request_that_reaches_the_api_behind()
    {
        var arrived = "";
        await using var downstream = await Downstream.StartAsync(http =>
        {
            arrived = http.Request.Headers["traceparent"].ToString();
            return StandIn.AnythingAsync(http);
        });
        using var spans = new Spans();
        Assert.NotEqual(true, (await downstream.CallAsync()).IsError);

        Assert.True(ActivityContext.TryParse(arrived, null, out var context), arrived);
        Assert.Equal(spans.TraceId, context.TraceId);
        // The client's span is the parent by _meta of the message. By the headers it would be that of the HTTP request.
        Assert.Equal(
            ["Client", "Internal MakeAuthenticatedRequestCommand", "Server", "Client"],
            spans.From(context.SpanId).Select(span => $"{span.Kind} {(span.Source.Name == "OAuthMcp" ? span.DisplayName : "")}".Trim())
        );
        Assert.Equal(
            ["tools/call make_authenticated_request", "tools/call make_authenticated_request"],
            spans.From(context.SpanId).Skip(2).Select(span => span.DisplayName)
        );
    }

    [Fact]
    public async Task Counts_what_was_issued_refused_signed_in_and_called()
    {
        await using var downstream = await Downstream.StartAsync(StandIn.AnythingAsync);
        var server = downstream.Server;
        using var spans = new Spans();
        using var counts = new Counts(spans.TraceId);
        using var client = await TestClient.RegisterAsync(server);
        using var browser = server.Browser();
        await (await browser.OpenAsync(client.AuthorizationUrl())).SignInAsync("alice", "wrong");
        var (_, refresh) = await client.SignInAsync();
        using var refreshed = await client.RefreshAsync(refresh);
        using var unknown = await client.RefreshAsync("unknown");
        using var other = await client.PostAsync("/token", new() { ["grant_type"] = "canary", ["client_id"] = client.Id });
        Assert.Equal(
            [
                "oauthmcp.signins password refused 1",
                "oauthmcp.signins password signed_in 1",
                "oauthmcp.tokens.issued authorization_code 1",
                "oauthmcp.tokens.issued refresh_token 1",
                "oauthmcp.tokens.refused refresh_token invalid_grant 1",
                "oauthmcp.tokens.refused _OTHER unsupported_grant_type 1",
            ],
            counts.Take()
        );

        await downstream.CallAsync();
        var (reader, _) = await client.SignInAsync("alice", ("scope", "mcp.read"));
        counts.Take();
        await downstream.CallAsync("who_am_i");
        await Assert.ThrowsAnyAsync<Exception>(() => downstream.CallAsync("canary"));
        using var refused = await server.PostMcpAsync(reader, McpRequests.Call("make_authenticated_request", """{"message":"hello"}"""));
        Assert.Equal(
            [
                "oauthmcp.tool_calls who_am_i served 1",
                "oauthmcp.tool_calls _OTHER failed 1",
                "oauthmcp.tool_calls make_authenticated_request refused 1",
            ],
            counts.Take()
        );
    }

    [Fact]
    public async Task Sends_what_helps_an_operator_and_no_secret()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var api = await StandIn.StartAsync(StandIn.AnythingAsync);
        await using var server = await TestServer.StartAsync([
            .. receiver.Variables,
            ("Downstream:BaseAddress", api.Address.AbsoluteUri),
            ("Accounts:Seed:2:UserName", "canary-user"),
            ("Accounts:Seed:2:Password", TestServer.Password),
        ]);
        using var client = await TestClient.RegisterAsync(server, ("client_name", "canary-name"));
        var secrets = await WalkAsync(server, client);
        server.App.Services.GetRequiredService<TracerProvider>().ForceFlush(5000);
        server.App.Services.GetRequiredService<MeterProvider>().ForceFlush(5000);
        server.App.Services.GetRequiredService<LoggerProvider>().ForceFlush(5000);

        string[][] sent =
        [
            [
                "ExchangeCodeCommand",
                "SignInCommand",
                "tools/call make_authenticated_request",
                "tools/call _OTHER",
                "POST /token",
                "GET",
                "http.route",
            ],
            [
                "oauthmcp.tokens.issued",
                "oauthmcp.tokens.refused",
                "oauthmcp.signins",
                "oauthmcp.tool_calls",
                "oauthmcp.signing_key.age",
                "oauthmcp.revocations.lag",
                "mcp.server.operation.duration",
                "http.server.request.duration",
                "http.client.request.duration",
            ],
            ["/token 400", "error=invalid_grant"],
        ];
        foreach (var (path, texts) in OtlpReceiver.Paths.Zip(sent))
        foreach (var text in texts)
            await receiver.GetsAsync(path, text);
        foreach (var path in OtlpReceiver.Paths)
        {
            foreach (var secret in secrets)
                Assert.DoesNotContain(secret, receiver.TextOf(path), StringComparison.OrdinalIgnoreCase);
            if (path != "/v1/logs") // the log names paths, and those who were refused
                Assert.DoesNotContain("canary", receiver.TextOf(path), StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>Goes through a sign-in and the tools, with a canary in every field that somebody else fills in.</summary>
    /// <returns>The secrets that were on the way.</returns>
    private static async Task<string[]> WalkAsync(TestServer server, TestClient client)
    {
        using var browser = server.Browser();
        await (await browser.OpenAsync(client.AuthorizationUrl(("state", "canary-state")))).SignInAsync("canary-nobody", "canary-password");
        var code = await client.CodeAsync("canary-user", ("state", "canary-state"));
        using var exchanged = await client.ExchangeAsync(code);
        var tokens = await exchanged.JsonAsync();
        var (access, refresh) = ((string)tokens["access_token"]!, (string)tokens["refresh_token"]!);
        using var refreshed = await client.RefreshAsync(refresh);
        using var replayed = await client.ExchangeAsync("canary-code");
        using var odd = await client.PostAsync("/token?q=canary-query", new() { ["grant_type"] = "canary-grant", ["scope"] = "canary" });
        // A client that makes no span of its own, which would be sent from this process too.
        using var silent = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = server.Address };
        using var nowhere = await silent.GetAsync("/canary-path?q=canary-query", TestContext.Current.CancellationToken);
        await using (var caller = await Callers.ConnectAsync(server, access))
        {
            await caller.MakeRequestAsync("canary-message");
            await Assert.ThrowsAnyAsync<Exception>(async () =>
                await caller.CallToolAsync("canary-tool", cancellationToken: TestContext.Current.CancellationToken)
            );
            await caller.CallToolAsync(
                "make_authenticated_request",
                new Dictionary<string, object?> { ["message"] = 5, ["canary-argument"] = "canary-value" },
                cancellationToken: TestContext.Current.CancellationToken
            );
        }

        using var method = await server.PostMcpAsync(
            access,
            McpRequests.Message("canary/method", """{"name":"canary-name"}"""),
            ("User-Agent", "canary-agent"),
            ("Mcp-Session-Id", await server.OpenSessionAsync(access)),
            ("Cookie", "c=canary-cookie")
        );
        using var forged = await server.PostMcpAsync("canary-token");
        using var revoked = await client.RevokeAsync(access);
        return
        [
            code,
            access,
            access.Split('.')[2],
            refresh,
            (string)(await refreshed.JsonAsync())["refresh_token"]!,
            client.Verifier,
            TestServer.Password,
            .. new[] { "password", "state", "code", "query", "message", "argument", "value", "cookie", "token" }.Select(word =>
                $"canary-{word}"
            ),
        ];
    }
}
