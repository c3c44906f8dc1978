using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Audit;
using OAuthMcp.Infrastructure.Audit;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Flows;

/// <summary>What somebody can still find out of a server years later: who did what, from where, and why it was refused.</summary>
public sealed class AuditTrailTests
{
    [Fact]
    public async Task Tells_a_whole_walk_and_reads_it_from_the_command_line()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server, ("client_name", "Walker\u202e"));
        using var browser = server.Browser();
        await (await browser.OpenAsync(client.AuthorizationUrl(("scope", "mcp.read")))).SignInAsync("no\nbody", "wrong password");
        var refused = Assert.Single(await SignInsAsync(server)); // before the answer, so without waiting
        Assert.Equal(("password", "refused", "no�body"), (refused.Act, refused.Decision, refused.Name));
        Assert.Equal(("access_denied", "Wrong user name or password.", "127.0.0.1"), (refused.Error, refused.Reason, refused.Peer));
        Assert.Matches("^[0-9a-f]{32}$", refused.TraceId);

        await browser.SignInAsync();
        var signIn = (await SignInsAsync(server))[0];
        Assert.Equal(("password", "allowed", "alice"), (signIn.Act, signIn.Decision, signIn.Name));
        await browser.SubmitAsync("Allow");
        var consent = Assert.Single(await server.AuditAsync(), happened => happened.What == "consent");
        Assert.Equal(
            ("allowed", client.Id, signIn.Subject, "mcp.read"),
            (consent.Decision, consent.ClientId, consent.Subject, consent.Scope)
        );

        var code = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(browser.Location.Query)["code"].ToString();
        var tokens = await (await client.ExchangeAsync(code)).JsonAsync();
        var (access, refresh) = ((string)tokens["access_token"]!, (string)tokens["refresh_token"]!);
        await CallAsync(server, access);
        using (await server.PostMcpAsync(access, McpRequests.Call("make_authenticated_request", """{"message":"x"}"""))) { }
        await client.RefreshAsync(refresh);
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        await (await client.RefreshAsync(refresh)).AssertErrorAsync(400, "invalid_grant");
        var reuse = Assert.Single(await server.AuditAsync(), happened => happened.What == "token_reuse");
        Assert.Equal(
            ("refused", client.Id, signIn.Subject, "invalid_grant", "refresh_reuse: refresh token replayed, grant revoked"),
            (reuse.Decision, reuse.ClientId, reuse.Subject, reuse.Error, reuse.Reason)
        );
        using (await server.PostMcpAsync(access)) { }

        var (other, _) = await client.SignInAsync("bob");
        await client.RevokeAsync(other);
        await client.RevokeAsync("junk");
        var revoked = Assert.Single(await server.AuditAsync(), happened => happened.What == "revocation");
        Assert.Equal(("allowed", client.Id), (revoked.Decision, revoked.ClientId));
        using (await server.PostMcpAsync(other)) { }

        var run = await RunAsync(server, "users", "disable", "bob");
        Assert.Equal(0, run.ExitCode);
        var disabled = Assert.Single(await server.AuditAsync(), happened => happened is { What: "administration", Act: "DisableAccount" });
        Assert.Equal(("allowed", "bob", revoked.Subject, null), (disabled.Decision, disabled.Name, disabled.Subject, disabled.Peer));

        // What anybody can make many of is written a moment later.
        Assert.Equal(
            ("Walker�", client.Id),
            Of(await server.AuditedAsync(happened => happened.What == "registration"), happened => (happened.Name, happened.ClientId))
        );
        Assert.Equal(
            ("allowed", client.Id, signIn.Subject),
            Of(
                await server.AuditedAsync(happened =>
                    happened is { What: "token_issue", Act: "authorization_code", Name: null } && happened.Subject == signIn.Subject
                ),
                happened => (happened.Decision, happened.ClientId, happened.Subject)
            )
        );
        var call = await server.AuditedAsync(happened => happened is { What: "tool_call", Act: "who_am_i" });
        Assert.Equal(
            ("allowed", client.Id, signIn.Subject, "mcp.read", "127.0.0.1"),
            (call.Decision, call.ClientId, call.Subject, call.Scope, call.Peer)
        );
        var notCovered = await server.AuditedAsync(happened => happened is { What: "tool_call", Act: "make_authenticated_request" });
        Assert.Equal(("refused", "insufficient_scope"), (notCovered.Decision, notCovered.Error));
        var ended = await server.AuditedAsync(happened => happened.What == "access" && happened.Subject == revoked.Subject);
        Assert.Equal(("refused", client.Id, "invalid_token"), (ended.Decision, ended.ClientId, ended.Error));

        var (_, output, _) = await RunAsync(server, "audit", "list", "--json", "--what", "tool_call", "--subject", signIn.Subject!);
        var listed = JsonNode.Parse(output)!.AsArray();
        Assert.Equal(["make_authenticated_request", "who_am_i"], listed.Select(happened => (string?)happened!["act"]));
        Assert.Equal(
            ["at", "what", "act", "decision", "client_id", "subject", "scope", "peer", "trace_id"],
            listed[1]!.AsObject().Select(member => member.Key)
        );
        (_, output, _) = await RunAsync(
            server,
            "audit",
            "list",
            "--client",
            client.Id,
            "--since",
            "1d",
            "--limit",
            "1",
            "--what",
            "consent"
        );
        Assert.Matches(
            $"^[0-9-]+ [0-9:.]+[+]00:00  consent allowed  client={client.Id}  subject=(usr_[^ ]+)  by=\\1  scope=\"mcp.read mcp.write\" .*\n$",
            output
        );
    }

    [Fact]
    public async Task Writes_at_the_end_what_still_waits()
    {
        var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var (access, _) = await client.SignInAsync();
        await CallAsync(server, access);
        await server.StopAsync();
        await using var next = await TestServer.StartAsync(server.DataDirectory, TestServer.FreePort());
        Assert.Single(await next.AuditAsync(), happened => happened.What == "tool_call");
    }

    [Fact]
    public async Task Keeps_what_it_cannot_write_until_it_can()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        using (await Outage.OfWritesAsync(server))
        {
            await (await client.ExchangeAsync("unknown")).AssertErrorAsync(400, "invalid_grant");
            await server.Log.NextAsync(line => line.Contains("The audit trail cannot be written", StringComparison.Ordinal));
        }

        await server.Log.NextAsync(line => line.Contains("The audit trail is written again", StringComparison.Ordinal));
        Assert.Single(await server.AuditAsync(), happened => happened is { What: "token_issue", Reason: "unknown code" });
    }

    [Fact]
    public async Task Is_not_filled_by_whoever_guesses_passwords()
    {
        await using var server = await TestServer.StartAsync();
        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        for (var guess = 0; guess < AuditSampling.MostAMinute + 5; guess++)
            await browser.SignInAsync("alice", "wrong password");
        Assert.Equal(AuditSampling.MostAMinute, (await SignInsAsync(server)).Count);
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        var leftOut = await server.AuditedAsync(happened => happened is { What: "missing", Act: "sign_in" });
        Assert.Equal("5 more refusals like those before them were left out", leftOut.Reason);
    }

    [Fact]
    public async Task Forgets_by_time_and_streams_what_it_writes()
    {
        await using var server = await TestServer.StartAsync(("Audit:Retention", "1.00:00:00"));
        using var client = await TestClient.RegisterAsync(server);
        await client.SignInAsync();
        var old = await server.AuditedAsync(happened => happened.What == "token_issue");
        await server.Log.NextAuditAsync(line =>
            line.Contains("audit \"token_issue\" \"authorization_code\" \"allowed\" ", StringComparison.Ordinal)
            && line.Contains($"client=\"{old.ClientId}\"", StringComparison.Ordinal)
        );
        Assert.All(server.Log.Audit, line => Assert.Contains("4100", line.Properties["EventId"].ToString(), StringComparison.Ordinal));

        server.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromHours(1));
        for (var waited = System.Diagnostics.Stopwatch.StartNew(); (await server.AuditAsync()).Count > 0; await Task.Yield())
        {
            Assert.True(waited.Elapsed < ServerProcess.Soon, "The trail was not cleaned up.");
            server.Clock.Advance(TimeSpan.FromSeconds(30));
        }
    }

    private static async Task CallAsync(TestServer server, string access)
    {
        var session = await server.OpenSessionAsync(access);
        using var answer = await server.PostMcpAsync(access, McpRequests.Call("who_am_i"), ("Mcp-Session-Id", session));
        Assert.NotNull((await answer.RpcAsync())["result"]!["structuredContent"]);
    }

    private static TResult Of<TResult>(ListedEvent happened, Func<ListedEvent, TResult> read) => read(happened);

    private static async Task<IReadOnlyList<ListedEvent>> SignInsAsync(TestServer server) =>
        [.. (await server.AuditAsync()).Where(happened => happened.What == "sign_in")];

    private static Task<(int ExitCode, string Output, string Error)> RunAsync(TestServer server, params string[] arguments) =>
        ServerProcess.RunAsync([
            .. arguments,
            $"--Server:DataDirectory={server.DataDirectory}",
            .. new[] { "ConnectionStrings:Database", "Protection:KeyFile" }
                .Where(key => server.App.Configuration[key] is not null)
                .Select(key => $"--{key}={server.App.Configuration[key]}"),
        ]);
}
