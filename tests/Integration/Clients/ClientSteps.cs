using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>What a real client does with us from the first 401 to the last.</summary>
internal static class ClientSteps
{
    public static readonly string[] Tools = ["make_authenticated_request", "show_auth_token", "who_am_i"];

    /// <summary>A document that allows every loopback port.</summary>
    public static string PublishForLoopback(this DocumentHost host) =>
        host.Publish(
            (
                "redirect_uris",
                new JsonArray("http://127.0.0.1/callback", "http://localhost/oauth/callback", "http://127.0.0.1/oauth/callback")
            )
        );

    /// <summary>Signs in, calls tools, refreshes, is revoked, and signs in once more.</summary>
    /// <returns>The client's id.</returns>
    public static async Task<string> TakeEveryStepAsync(this DrivenClient client, TestServer server, string revision)
    {
        using var browser = server.Browser();
        await client.SignInAsync(browser);
        var (known, tokens) = (await client.SaysAsync("client"), await client.SaysAsync("tokens"));
        Assert.Equal(revision, (string?)await client.SaysAsync("connected"));
        await client.UseToolsAsync();

        server.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal("alice", (string?)(await client.CallAsync("who_am_i"))["userName"]);
        var refreshed = await client.SaysAsync("tokens");
        Assert.NotEqual((string?)tokens["refresh_token"], (string?)refreshed["refresh_token"]);

        // None of them has a call for revocation.
        using var owner = new TestClient(
            server,
            (string)known["client_id"]!,
            (string?)known["client_secret"],
            (string?)known["token_endpoint_auth_method"] ?? "none"
        );
        (await owner.RevokeAsync((string)refreshed["refresh_token"]!)).EnsureSuccessStatusCode();
        await client.WishAsync("who_am_i");
        await client.SignInAsync(browser);
        Assert.Equal("alice", (string?)(await client.SaysAsync("called"))["structuredContent"]!["userName"]);
        return owner.Id;
    }

    public static async Task UseToolsAsync(this DrivenClient client)
    {
        Assert.Equal(Tools, (await client.ListToolsAsync()).Order());
        Assert.Equal("alice", (string?)(await client.CallAsync("who_am_i"))["userName"]);
        Assert.Equal("hello", (string?)(await client.CallAsync("make_authenticated_request"))["args"]!["message"]);
    }
}
