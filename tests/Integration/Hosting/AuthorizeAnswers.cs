using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace OAuthMcp.Integration.Hosting;

/// <summary>The reactions of /authorize and the pages, as the catalogue names them.</summary>
internal static class AuthorizeAnswers
{
    /// <summary>page400 and its like: a page of ours that leads nowhere, with the headers of every page.</summary>
    public static async Task<IHtmlDocument> AssertPageAsync(this HttpResponseMessage response, int status = 400)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} {response.Headers.Location} {body}");
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Null(response.Headers.Location);
        response.AssertPageHeaders();
        return new HtmlParser().ParseDocument(body);
    }

    /// <summary>What RFC 9700 §4.2.4 and §4.16 ask of a page.</summary>
    public static void AssertPageHeaders(this HttpResponseMessage response)
    {
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("form-action", policy, StringComparison.Ordinal); // browsers would stop the redirect to the client
        Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        response.AssertLeaksNothing();
    }

    public static void AssertLeaksNothing(this HttpResponseMessage response)
    {
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
    }

    /// <summary>The request was accepted: a user is asked to sign in, or to allow.</summary>
    public static void AssertAccepted(this HttpResponseMessage response, string page = "signin")
    {
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.Matches($@"^/{page}\?request=[A-Za-z0-9_-]+$", response.Headers.GetValues("Location").Single());
    }

    /// <summary>redir(e): 303 to the client with the error, the exact state and exactly one iss.</summary>
    public static void AssertErrorRedirect(
        this HttpResponseMessage response,
        TestServer server,
        string error,
        string? state = "the-state",
        string redirectUri = TestClient.RedirectUri
    )
    {
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        response.AssertLeaksNothing();
        AssertErrorResponse(response.Headers.GetValues("Location").Single(), server, error, state, redirectUri);
    }

    public static void AssertErrorResponse(
        string location,
        TestServer server,
        string error,
        string? state = "the-state",
        string redirectUri = TestClient.RedirectUri
    )
    {
        Assert.StartsWith(redirectUri + "?", location, StringComparison.Ordinal);
        var answer = QueryHelpers.ParseQuery(new Uri(location).Query);
        Assert.Equal(error, answer["error"]);
        Assert.Matches(@"^[\x20\x21\x23-\x5B\x5D-\x7E]+$", answer["error_description"].ToString());
        Assert.Equal(state is null ? StringValues.Empty : new StringValues(state), answer.GetValueOrDefault("state"));
        Assert.Equal(new StringValues(server.Issuer), answer["iss"]);
        Assert.False(answer.ContainsKey("code"));
    }
}
