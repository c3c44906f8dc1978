using OAuthMcp.Integration.Hosting;
using static Microsoft.Playwright.Assertions;

namespace OAuthMcp.Integration.Browser;

/// <summary>A person sees who uses the account, and ends it.</summary>
public sealed class ConnectionsTests(Chromium chromium)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Disconnect_ends_what_a_connected_client_does_at_once_with_and_without_script(bool script)
    {
        await using var server = await TestServer.StartAsync();
        using var assistant = await TestClient.RegisterAsync(server, ("client_name", "An assistant"));
        using var editor = await TestClient.RegisterAsync(server, ("client_name", "An editor"));
        var (access, refresh) = await assistant.SignInAsync();
        var (others, _) = await editor.SignInAsync();
        await using var connected = await Callers.ConnectAsync(server, access);
        Assert.Contains("before", (await connected.MakeRequestAsync("before")).TextOf(), StringComparison.Ordinal);

        await using var window = await chromium.OpenAsync(server, new() { JavaScriptEnabled = script });
        await window.OpenAsync("/connections");
        await window.SignInAsync(); // and back to where it was
        await window.FollowAsync("Disconnect An assistant");
        await Expect(window.Heading).ToHaveTextAsync("Disconnect An assistant?");
        await window.FollowAsync("Keep it connected");
        await window.FollowAsync("Disconnect An assistant");
        await window.PressAsync("Disconnect");
        await Expect(window.Page.GetByText("The application is disconnected.")).ToBeVisibleAsync();
        await Expect(window.Link("Disconnect An assistant")).ToHaveCountAsync(0);
        await Expect(window.Link("Disconnect An editor")).ToBeVisibleAsync();

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => connected.MakeRequestAsync("after"));
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, refused.StatusCode);
        await (await assistant.RefreshAsync(refresh)).AssertErrorAsync(400, "invalid_grant");
        Assert.True(await server.AcceptsAsync(others));
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task C_10_shows_what_a_client_calls_itself_as_text()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(
            server,
            ("client_name", "</h2><img src=x onerror=alert(1)>"),
            ("logo_uri", "https://client.example/logo.svg")
        );
        await client.SignInAsync();
        await using var window = await chromium.OpenAsync(server);
        await window.AskAsync(client.AuthorizationUrl());
        await Expect(window.Heading).ToContainTextAsync("</h2><img src=x onerror=alert(1)>");
        await window.OpenAsync("/connections");
        await Expect(window.Page.GetByText("</h2><img src=x onerror=alert(1)>")).ToBeVisibleAsync();
        await Expect(window.Page.Locator("img")).ToHaveCountAsync(0);
        Assert.DoesNotContain(window.Requests, request => !request.Url.StartsWith(server.Issuer, StringComparison.Ordinal));
        Assert.Empty(window.Complaints);
    }
}
