using System.Net;
using AngleSharp.Html.Dom;

namespace OAuthMcp.Integration.Hosting;

/// <summary>Forms that a test bends before it posts them, with the cookies of a browser or what is left of them.</summary>
internal static class BrowserForms
{
    public const string AntiforgeryField = "__RequestVerificationToken";

    /// <summary>The hidden fields of the first form on the page, and what else is given.</summary>
    public static Dictionary<string, string> Form(this TestBrowser browser, params (string Name, string Value)[] fields)
    {
        var form = browser
            .Page!.Forms[0]
            .QuerySelectorAll("input[type=hidden]")
            .Cast<IHtmlInputElement>()
            .ToDictionary(input => input.Name!, input => input.Value);
        foreach (var (name, value) in fields)
            form[name] = value;
        return form;
    }

    public static async Task<HttpResponseMessage> PostFormAsync(
        this TestServer server,
        string path,
        IEnumerable<KeyValuePair<string, string>> form,
        IEnumerable<Cookie> cookies
    )
    {
        using var http = server.Http();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Accept.ParseAdd("text/html");
        request.Headers.Add("Cookie", string.Join("; ", cookies.Select(cookie => $"{cookie.Name}={cookie.Value}")));
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
