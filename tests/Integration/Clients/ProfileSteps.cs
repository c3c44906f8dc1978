using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>The steps that all clients take, each with what it sends itself.</summary>
internal static class ProfileSteps
{
    public static async Task<HttpResponseMessage> GetAsync(
        this TestServer server,
        string path,
        params (string Name, string Value)[] headers
    )
    {
        using var http = server.Http();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>A document that has to be there: at once, as JSON, without a redirect.</summary>
    public static async Task<JsonObject> DocumentAsync(this TestServer server, string path, params (string Name, string Value)[] headers)
    {
        using var response = await server.GetAsync(path, headers);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var document = await response.JsonAsync();
        AssertNothingEmpty(document);
        return document;
    }

    /// <summary>Registers with the body as the client sends it; the answer echoes the URIs and has no empty member.</summary>
    public static async Task<JsonObject> RegisterAsync(this TestServer server, string body)
    {
        using var http = server.Http();
        using var response = await http.PostAsync(
            "/register",
            new StringContent(body, Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken
        );
        Assert.True(
            response.StatusCode == HttpStatusCode.Created,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
        var registration = await response.JsonAsync();
        AssertNothingEmpty(registration);
        Assert.Equal(JsonNode.Parse(body)!["redirect_uris"]!.ToJsonString(), registration["redirect_uris"]!.ToJsonString());
        Assert.Equal(registration.ContainsKey("client_secret"), registration.ContainsKey("client_secret_expires_at"));
        return registration;
    }

    public static TestClient Client(this TestServer server, JsonObject registration) =>
        new(
            server,
            (string)registration["client_id"]!,
            (string?)registration["client_secret"],
            (string)registration["token_endpoint_auth_method"]!
        );

    /// <summary>Signs in with what the client sends, a null one left out, and returns the answer of /token.</summary>
    public static async Task<JsonObject> SignInAsync(
        this TestServer server,
        TestClient client,
        string redirectUri,
        string? scope,
        string? resource
    )
    {
        using var browser = server.Browser();
        var callback = await browser.AllowAsync(
            client.AuthorizationUrl(("redirect_uri", redirectUri), ("scope", scope), ("resource", resource))
        );
        Assert.StartsWith(
            redirectUri + "?",
            browser.Response.Headers.Location?.OriginalString ?? callback.OriginalString, // of the page that opens the application
            StringComparison.Ordinal
        );
        var answer = QueryHelpers.ParseQuery(callback.Query);
        Assert.Equal("the-state", answer["state"]);
        Assert.Equal(server.Issuer, answer["iss"]);

        using var response = await client.ExchangeAsync(answer["code"]!, ("redirect_uri", redirectUri), ("resource", resource));
        Assert.True(
            response.StatusCode == HttpStatusCode.OK,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
        var tokens = await response.JsonAsync();
        Assert.Equal("Bearer", (string?)tokens["token_type"]);
        Assert.True((string?)tokens["refresh_token"] is { Length: > 0 });
        Assert.Equal(server.Resource, (string?)ForgedToken.Claims((string)tokens["access_token"]!)["aud"]);
        Assert.True(await server.AcceptsAsync((string)tokens["access_token"]!));
        return tokens;
    }

    /// <summary>Clients check with schemas that know no null, and no empty text where a URL should be.</summary>
    public static void AssertNothingEmpty(JsonObject document)
    {
        foreach (var (name, value) in document)
            Assert.False(value is null || value.ToJsonString() is "\"\"" or "[]", name);
    }
}
