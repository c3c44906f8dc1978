using System.Net;

namespace OAuthMcp.Integration.Hosting;

/// <summary>The log as the terminal of an operator: what happened, once, and nothing that drowns it.</summary>
public sealed class RequestLineTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task U_14_says_nothing_of_what_pages_load()
    {
        using var http = shared.Server.Http();
        foreach (var asset in new[] { "/site.css", "/icon.svg", "/passkeys.js", "/copy.js" })
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(asset, TestContext.Current.CancellationToken)).StatusCode);
        await http.GetAsync("/signin", TestContext.Current.CancellationToken);
        await shared.Server.Log.NextAsync(line => line.Contains(" /signin 200 ", StringComparison.Ordinal));
        Assert.DoesNotContain(shared.Server.Log.All, line => line.Contains("/site.css", StringComparison.Ordinal));
    }

    [Fact]
    public async Task U_14_names_the_tool_that_is_called()
    {
        using var client = await TestClient.RegisterAsync(shared.Server);
        await using var caller = await Callers.ConnectAsync(shared.Server, (await client.SignInAsync()).Access);
        await caller.CallToolAsync("who_am_i", cancellationToken: TestContext.Current.CancellationToken);
        var line = await shared.Server.Log.NextAsync(line => line.Contains(" tool=who_am_i ", StringComparison.Ordinal));
        Assert.Contains("\"POST\" /mcp 200 ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task U_14_leaves_one_line_of_a_challenge()
    {
        await using var server = await TestServer.StartAsync();
        var before = server.Log.All.Count;
        using (await server.PostMcpAsync(null)) { }
        await server.Log.NextAsync(line => line.Contains(" /mcp 401 ", StringComparison.Ordinal));
        Assert.Single(server.Log.All.Skip(before));
    }

    [Fact]
    public async Task Says_of_a_refused_sign_in_who_and_from_where_in_one_line()
    {
        await using var server = await TestServer.StartAsync();
        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        await browser.SignInAsync("al\u202eice", "wrong password");
        var line = await server.Log.NextAsync(line => line.Contains(" /signin 400 ", StringComparison.Ordinal));
        Assert.StartsWith("Warning ", line, StringComparison.Ordinal);
        Assert.Contains(" error=access_denied ", line, StringComparison.Ordinal);
        Assert.Matches(" peer=127[.]0[.]0[.]1 trace=[0-9a-f]{32} name=\"al�ice\" reason=\"Wrong user name or password[.]\" ", line);
        Assert.Single(server.Log.All, line => line.Contains("access_denied", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Says_whose_a_revoked_token_was_in_one_line()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var (access, _) = await client.SignInAsync();
        var subject = (string)ForgedToken.Claims(access)["sub"]!;
        await client.RevokeAsync(access);
        using (await server.PostMcpAsync(access)) { }
        var line = await server.Log.NextAsync(line => line.Contains(" /mcp 401 ", StringComparison.Ordinal));
        Assert.Contains($" client={client.Id} subject={subject} error=invalid_token ", line, StringComparison.Ordinal);
        Assert.Contains(" peer=127.0.0.1 ", line, StringComparison.Ordinal);
        Assert.Single(server.Log.All, line => line.Contains("invalid_token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Names_the_client_and_the_account_of_a_refresh()
    {
        using var client = await TestClient.RegisterAsync(shared.Server);
        var (access, refresh) = await client.SignInAsync();
        await client.RefreshAsync(refresh);
        var subject = (string)ForgedToken.Claims(access)["sub"]!;
        await shared.Server.Log.NextAsync(line =>
            line.Contains($" /token 200 ", StringComparison.Ordinal)
            && line.Contains($" client={client.Id} subject={subject} error=- ", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task U_04_tells_the_operator_alone_which_host_was_asked_for()
    {
        await using var server = await TestServer.StartAsync();
        for (var asked = 0; asked < 3; asked++)
        {
            var answer = await server.GetRawAsync("/signin", ("Host", $"192.0.2.{asked}:8080"));
            Assert.Equal((400, 0), (answer.Status, answer.Body.Length));
        }

        using var http = server.Http();
        await http.GetAsync("/signin", TestContext.Current.CancellationToken);
        await server.Log.NextAsync(line => line.Contains(" /signin 200 ", StringComparison.Ordinal));
        var told = Assert.Single(server.Log.All, line => line.Contains("192.0.2.", StringComparison.Ordinal));
        Assert.StartsWith(
            $"Warning A request for the host \"192.0.2.0:8080\" was refused: OAuth:PublicUrl says that this server is \"{server.Issuer}\".",
            told,
            StringComparison.Ordinal
        );
    }
}
