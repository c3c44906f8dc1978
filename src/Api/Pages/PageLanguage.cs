using System.Globalization;
using Microsoft.Net.Http.Headers;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Http;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Pages;

/// <summary>
/// In which language somebody reads the pages: what the application asks for, else what the browser prefers, else English. It is the
/// culture of texts alone, and of pages alone: logs, JSON and all other answers are the same in every language.
/// </summary>
internal static class PageLanguage
{
    private const string Item = "page.language";
    private const string Cookie = "oauthmcp-language";

    /// <summary>Lets whatever serves people read its texts in their language.</summary>
    public static IApplicationBuilder UsePageLanguage(this IApplicationBuilder app)
    {
        return app.Use(next => http => http.GetEndpoint()?.Metadata.GetMetadata<ForPeople>() is null ? next(http) : SpeakAsync(http, next));

        // Asynchronous, so that the culture ends with the request.
        static async Task SpeakAsync(HttpContext http, RequestDelegate next)
        {
            http.Speak();
            await next(http);
        }
    }

    /// <summary>Texts are in the language of the request from here to the end of the method that calls this.</summary>
    public static void Speak(this HttpContext http)
    {
        if (!http.Items.ContainsKey(Item))
            http.Response.OnStarting(() =>
            {
                Tell(http.Response.Headers, LanguageOf(http));
                return Task.CompletedTask;
            });
        CultureInfo.CurrentUICulture = Languages.CultureOf(LanguageOf(http));
    }

    /// <summary>
    /// What the application asks for (OpenID Connect Core §3.1.2.1, <c>ui_locales</c>), from here to the end of its sign-in. What it asks
    /// for is a wish, so that nothing of it is refused.
    /// </summary>
    public static void Wish(this HttpContext http, string? uiLocales)
    {
        var wished = Languages.Find(uiLocales?.Split(' ') ?? []);
        if (wished is not null)
            http.Append(CookieName(http), new Secret(wished), AuthorizationRequest.Lifetime);
        else if (http.Request.Cookies.ContainsKey(CookieName(http)))
            http.Append(CookieName(http), new Secret(""), TimeSpan.Zero); // of a sign-in before this one
        http.Items[Item] = wished ?? Preferred(http.Request);
        http.Speak();
    }

    private static string LanguageOf(HttpContext http)
    {
        if (http.Items[Item] is string known)
            return known;
        var language = Languages.Find([http.Request.Cookies[CookieName(http)] ?? ""]) ?? Preferred(http.Request);
        http.Items[Item] = language;
        return language;
    }

    // RFC 9110 §12.5.4. Any other language (*) is the one that there is anyway.
    private static string Preferred(HttpRequest request) =>
        Languages.Find(
            request
                .GetTypedHeaders()
                .AcceptLanguage.Where(accepted => accepted.Quality != 0)
                .OrderByDescending(accepted => accepted.Quality ?? 1)
                .Select(accepted => accepted.Value.ToString())
        ) ?? Languages.Default;

    private static void Tell(IHeaderDictionary headers, string language)
    {
        if (!headers.ContentType.ToString().StartsWith("text/html", StringComparison.Ordinal))
            return;
        headers.ContentLanguage = language;
        headers.AppendCommaSeparatedValues(HeaderNames.Vary, HeaderNames.AcceptLanguage, HeaderNames.Cookie);
    }

    private static string CookieName(HttpContext http) => Cookies.CookieName(Cookie, Cookies.PublicUrl(http));
}
