using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>Where /authorize sends a browser, and where it never does.</summary>
public sealed class AuthorizeRedirectUriTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    [Fact]
    public async Task A_02_refuses_an_unregistered_redirect_uri()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var response = await AuthorizeAsync(client, "https://evil.example/cb");
        var page = await response.AssertPageAsync();
        Assert.DoesNotContain("evil", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_02_refuses_the_redirect_uri_of_another_client()
    {
        using var other = await TestClient.RegisterAsync(server, ("redirect_uris", new JsonArray("https://other.example/cb")));
        using var client = await TestClient.RegisterAsync(server);
        using var response = await AuthorizeAsync(client, "https://other.example/cb");
        await response.AssertPageAsync();
    }

    [Theory]
    [InlineData("https://a.example/cb/")]
    [InlineData("https://a.example/CB")]
    [InlineData("https://a.example/cb?x=1")]
    [InlineData("https://a.example/cb?")]
    [InlineData("https://a.example/cb#f")]
    [InlineData("https://a.example/cb#")]
    [InlineData("https://a.example/%63b")]
    [InlineData("https://a.example:443/cb")]
    [InlineData("https://a.example:8443/cb")]
    [InlineData("HTTPS://A.example/cb")]
    [InlineData("https://a.example/x/../cb")]
    [InlineData("https://a.example/%2e%2e/cb")]
    [InlineData("https://a.example/..;/cb")]
    [InlineData("https://a.example/./cb")]
    [InlineData("https://user@a.example/cb")]
    [InlineData("https://a.example@b@evil.example/cb")]
    [InlineData("https://evil.example\\@a.example/cb")]
    [InlineData("https://a.example\\cb")]
    [InlineData("https:a.example/cb")]
    [InlineData("http://a.example/cb")]
    [InlineData("//a.example/cb")]
    [InlineData("/cb")]
    [InlineData("https://a.example/cb\t")]
    [InlineData("https://a.example/cb\r")]
    [InlineData("https://a.example/cb\n")]
    [InlineData("https://a.example/cb\r\nSet-Cookie: a=b")]
    [InlineData("https://a.example/cb\0")]
    [InlineData(" https://a.example/cb")]
    [InlineData("https://a.example/cb ")]
    [InlineData("https://a。example/cb")]
    [InlineData("https://a.exam\u00ADple/cb")]
    [InlineData("https://а.example/cb")] // Cyrillic
    public async Task A_03_compares_redirect_uris_as_text(string sent)
    {
        using var client = await TestClient.RegisterAsync(server, ("redirect_uris", new JsonArray("https://a.example/cb")));
        using var response = await AuthorizeAsync(client, sent);
        await response.AssertPageAsync();
        using var exact = await AuthorizeAsync(client, "https://a.example/cb");
        exact.AssertAccepted();
    }

    [Theory]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:51234/cb")]
    [InlineData("http://localhost:3000/cb", "http://localhost:51234/cb")]
    [InlineData("http://localhost:3000/cb", "http://localhost/cb")]
    [InlineData("http://[::1]:3000/cb?a=b", "http://[::1]:51234/cb?a=b")]
    public async Task A_04_takes_any_port_of_a_loopback_redirect_uri(string registered, string sent)
    {
        using var client = await TestClient.RegisterAsync(server, ("redirect_uris", new JsonArray(registered)));
        using var browser = server.Browser();
        var callback = await browser.AllowAsync(client.AuthorizationUrl(("redirect_uri", sent)));
        Assert.StartsWith(new Uri(sent).AbsoluteUri, callback.AbsoluteUri, StringComparison.Ordinal);
        Assert.True(QueryHelpers.ParseQuery(callback.Query).ContainsKey("code"));
    }

    [Theory]
    [InlineData("http://localhost:7777/callback")]
    [InlineData("http://127.0.0.2:7777/callback")]
    [InlineData("http://0.0.0.0:7777/callback")]
    [InlineData("http://127.1:7777/callback")]
    [InlineData("https://127.0.0.1:7777/callback")]
    [InlineData("http://127.0.0.1:8888/other")]
    [InlineData("http://127.0.0.1:8888/callback?x=1")]
    [InlineData("http://127.0.0.1:8888/callback#f")]
    [InlineData("http://127.0.0.1:8888/callback/")]
    [InlineData("http://127.0.0.1:8888/callback\n")]
    [InlineData("http://127.0.0.1:8888/callback\r\nX: y")]
    [InlineData("http://127.0.0.1:0/callback")]
    [InlineData("http://127.0.0.1:08080/callback")] // K-42
    [InlineData("http://127.0.0.1:65536/callback")]
    [InlineData("http://127.0.0.1:/callback")]
    [InlineData("http://127.0.0.1:80@evil.example/callback")]
    [InlineData("http://127.0.0.1.evil.example:8888/callback")]
    [InlineData("http://user@127.0.0.1:8888/callback")]
    public async Task A_04_K_42_lets_nothing_but_the_port_of_a_loopback_redirect_uri_differ(string sent)
    {
        using var client = await TestClient.RegisterAsync(server);
        using var response = await AuthorizeAsync(client, sent);
        await response.AssertPageAsync();
        // An error is answered by redirect: that path must not trust the URI either.
        using var faulty = await client.Http.GetAsync(
            client.AuthorizationUrl(("redirect_uri", sent), ("response_type", "token")),
            TestContext.Current.CancellationToken
        );
        await faulty.AssertPageAsync();
    }

    [Fact]
    public async Task A_06_falls_back_to_the_only_registered_redirect_uri()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var browser = server.Browser();
        var callback = await browser.AllowAsync(client.AuthorizationUrl(("redirect_uri", null)));
        Assert.StartsWith(TestClient.RedirectUri + "?code=", callback.AbsoluteUri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_06_refuses_to_choose_among_several_redirect_uris()
    {
        using var client = await TestClient.RegisterAsync(
            server,
            ("redirect_uris", new JsonArray(TestClient.RedirectUri, "https://a.example/cb"))
        );
        using var response = await AuthorizeAsync(client, null);
        await response.AssertPageAsync();
    }

    [Fact]
    public async Task A_23_refuses_a_disabled_client()
    {
        using var client = await TestClient.RegisterAsync(server);
        await server.DisableClientAsync(client.Id);
        using var response = await AuthorizeAsync(client, TestClient.RedirectUri);
        await response.AssertPageAsync();
    }

    [Fact]
    public async Task A_23_refuses_a_deleted_client()
    {
        using var client = await TestClient.RegisterAsync(server);
        await server.InDatabaseAsync(db =>
            db.Clients.Where(known => known.Id == client.Id).ExecuteDeleteAsync(TestContext.Current.CancellationToken)
        );
        using var response = await AuthorizeAsync(client, TestClient.RedirectUri);
        await response.AssertPageAsync();
    }

    [Fact]
    public async Task A_23_refuses_a_client_that_is_disabled_while_its_user_decides()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var browser = server.Browser();
        await browser.OpenAsync(client.AuthorizationUrl());
        await browser.SignInAsync();
        var before = await server.RowsAsync();
        await server.DisableClientAsync(client.Id);
        await browser.SubmitAsync("Allow");
        await browser.Response.AssertPageAsync();
        Assert.Equal(before, await server.RowsAsync());
    }

    private static Task<HttpResponseMessage> AuthorizeAsync(TestClient client, string? redirectUri) =>
        client.Http.GetAsync(client.AuthorizationUrl(("redirect_uri", redirectUri)), TestContext.Current.CancellationToken);
}
