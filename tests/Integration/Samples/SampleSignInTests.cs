using System.Net;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Application.Clients;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Samples;

/// <summary>The sample client and the product: sign in, stay signed in, ask for more, sign out.</summary>
public sealed class SampleSignInTests : IDisposable
{
    private readonly SampleClient client = new();

    [Fact]
    public async Task Signs_in_once_and_then_asks_nobody()
    {
        await using var server = await TestServer.StartAsync();
        var first = await client.SignInAsync(server);
        Assert.True(first.Run.ExitCode == 0, first.Run.Error);
        Assert.Contains("who_am_i()", first.Run.Output, StringComparison.Ordinal);
        Assert.Contains("make_authenticated_request(message)", first.Run.Output, StringComparison.Ordinal);
        Assert.Contains("Waiting for the browser", first.Run.Error, StringComparison.Ordinal);
        Assert.Contains("<h1>Access is allowed</h1>", first.Page, StringComparison.Ordinal);

        var me = JsonNode.Parse(await client.AnswerAsync(server.Resource, "call", "who_am_i"))!;
        Assert.Equal("alice", (string?)me["userName"]);
        Assert.Equal((string?)client.Kept["client"]!["client_id"], (string?)me["client"]);
        var made = JsonNode.Parse(
            await client.AnswerAsync(server.Resource, "call", "make_authenticated_request", "--arg", "message=grüß dich = 1")
        )!;
        Assert.Equal("grüß dich = 1", (string?)made["args"]!["message"]);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Keeps_what_it_has_where_only_its_user_can_read()
    {
        await using var server = await TestServer.StartAsync();
        await client.SignInAsync(server);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(client.Folder));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(Assert.Single(Directory.GetFiles(client.Folder)))
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{ "server": "http://localhost/mcp", "issuer": "http://localhost" }""")]
    public async Task Names_a_file_that_was_damaged_and_signs_in_anew(string damage)
    {
        await using var server = await TestServer.StartAsync();
        await client.SignInAsync(server);
        var file = Assert.Single(Directory.GetFiles(client.Folder));
        await File.WriteAllTextAsync(file, damage, TestContext.Current.CancellationToken);

        var again = await client.SignInAsync(server);
        Assert.True(again.Run.ExitCode == 0, again.Run.Error);
        Assert.Single(again.Run.Error.Split('\n'), line =>
            line.Contains($"{file} holds no sign-in that can be read", StringComparison.Ordinal)
        );
        Assert.Contains("alice", await client.AnswerAsync(server.Resource, "call", "who_am_i"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refreshes_when_the_token_has_expired()
    {
        await using var server = await TestServer.StartAsync();
        await client.SignInAsync(server);
        var (access, refresh) = (client.AccessToken, client.RefreshToken);

        server.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Contains("alice", await client.AnswerAsync(server.Resource, "call", "who_am_i"), StringComparison.Ordinal);
        Assert.NotEqual(access, client.AccessToken);
        Assert.NotEqual(refresh, client.RefreshToken);
    }

    [Fact]
    public async Task Asks_again_as_the_same_client_when_the_grant_is_over()
    {
        await using var server = await TestServer.StartAsync();
        await client.SignInAsync(server);
        var id = (string)client.Kept["client"]!["client_id"]!;

        server.Clock.Advance(TimeSpan.FromDays(31));
        var again = await client.SignInAsync(server);
        Assert.True(again.Run.ExitCode == 0, again.Run.Error);
        Assert.Equal(id, QueryHelpers.ParseQuery(again.Link.Query)["client_id"]);
    }

    [Fact]
    public async Task Registers_again_when_the_server_has_forgotten_it()
    {
        await using var server = await TestServer.StartAsync();
        await client.SignInAsync(server);
        var id = (string)client.Kept["client"]!["client_id"]!;
        await using (var scope = server.App.Services.CreateAsyncScope())
            await scope
                .ServiceProvider.GetRequiredService<IClientStore>()
                .DeleteAsync(id, server.Clock.GetUtcNow(), TestContext.Current.CancellationToken);

        var again = await client.SignInAsync(server);
        Assert.True(again.Run.ExitCode == 0, again.Run.Error);
        Assert.NotEqual(id, (string?)client.Kept["client"]!["client_id"]);
    }

    [Fact]
    public async Task Steps_up_to_the_union_of_what_it_has_and_what_is_missing()
    {
        await using var server = await TestServer.StartAsync();
        var first = await client.SignInAsync(server, "--scope", "mcp.read");
        Assert.Equal("mcp.read", QueryHelpers.ParseQuery(first.Link.Query)["scope"]);

        var more = await client.SignInAsync(server, "call", "make_authenticated_request", "--arg", "message=more");
        Assert.True(more.Run.ExitCode == 0, more.Run.Error);
        Assert.Equal("mcp.read mcp.write", QueryHelpers.ParseQuery(more.Link.Query)["scope"]);
        Assert.Equal("more", (string?)JsonNode.Parse(more.Run.Output)!["args"]!["message"]);
    }

    [Fact]
    public async Task Does_not_ask_twice_for_what_the_user_refuses()
    {
        await using var server = await TestServer.StartAsync();
        await client.SignInAsync(server, "--scope", "mcp.read");
        var more = await client.AskedAsync(
            server.Resource,
            async link =>
            {
                using var browser = server.Browser();
                await browser.OpenAsync(link.AbsoluteUri);
                await browser.SignInAsync();
                browser.Untick("mcp.write");
                await browser.SubmitAsync("Allow");
                return browser.Location;
            },
            "call",
            "make_authenticated_request",
            "--arg",
            "message=more"
        );
        Assert.Equal(1, more.Run.ExitCode);
        Assert.Contains("mcp.write, which was asked for and not granted.", more.Run.Error, StringComparison.Ordinal);
        Assert.Empty(more.Run.Output);
    }

    [Fact]
    public async Task Says_so_when_the_user_denies()
    {
        await using var server = await TestServer.StartAsync();
        var denied = await client.AskedAsync(server.Resource, async link =>
        {
            using var browser = server.Browser();
            await browser.OpenAsync(link.AbsoluteUri);
            await browser.SignInAsync();
            await browser.SubmitAsync("Deny");
            return browser.Location;
        });
        Assert.Contains("<h1>Access is denied</h1>", denied.Page, StringComparison.Ordinal);
        Assert.Equal(1, denied.Run.ExitCode);
        Assert.Contains("access_denied", denied.Run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(client.Folder));
    }

    [Fact]
    public async Task Logout_revokes_and_forgets()
    {
        await using var server = await TestServer.StartAsync();
        await client.SignInAsync(server);
        var (access, refresh, id) = (client.AccessToken, client.RefreshToken, (string)client.Kept["client"]!["client_id"]!);

        var logout = await client.RunAsync(server.Resource, "logout");
        Assert.True(logout.ExitCode == 0, logout.Error);
        Assert.Empty(Directory.GetFiles(client.Folder));
        using var http = server.Http();
        http.DefaultRequestHeaders.Authorization = new("Bearer", access);
        using var refused = await http.PostAsync("/mcp", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using var owner = new TestClient(server, id, null, "none");
        await (await owner.RefreshAsync(refresh)).AssertErrorAsync(400, "invalid_grant");

        var again = await client.SignInAsync(server);
        Assert.True(again.Run.ExitCode == 0, again.Run.Error);
    }

    [Fact]
    public async Task Forgets_and_says_so_when_the_server_cannot_be_asked_to_revoke()
    {
        var server = await TestServer.StartAsync();
        await client.SignInAsync(server);
        await server.DisposeAsync();
        var logout = await client.RunAsync(server.Resource, "logout");
        Assert.Equal(1, logout.ExitCode);
        Assert.Contains("Could not revoke the tokens", logout.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(client.Folder));
    }

    public void Dispose() => client.Dispose();
}
