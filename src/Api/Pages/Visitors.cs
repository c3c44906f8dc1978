using System.Globalization;
using System.Security.Claims;
using MediatR;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using OAuthMcp.Api.Hosting;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Api.Pages;

/// <summary>The cookies of the pages: who is signed in, and which browser began an authorization request.</summary>
internal static class Visitors
{
    public const string SessionScheme = CookieAuthenticationDefaults.AuthenticationScheme;
    private const string SignedInAt = "auth_time";
    private const string Stamp = "stamp";

    public static Visitor Visitor(this HttpContext http) => new(
        Secret.OrNull(http.Request.Cookies[BrowserCookie(http)]) is { } browser ? TokenHash.Of(browser) : null,
        http.User.FindFirstValue("sub"),
        long.TryParse(http.User.FindFirstValue(SignedInAt), CultureInfo.InvariantCulture, out var ticks) ? new DateTimeOffset(ticks, TimeSpan.Zero) : null);

    /// <summary>The hash of this browser's binding cookie, which it gets here if it has none.</summary>
    public static TokenHash BindBrowser(this HttpContext http)
    {
        if (Secret.OrNull(http.Request.Cookies[BrowserCookie(http)]) is { } known) return TokenHash.Of(known);
        var browser = Secret.Generate();
        http.Append(BrowserCookie(http), browser, null);
        return TokenHash.Of(browser);
    }

    /// <summary>
    /// What binds this browser on the way to a provider: a cookie of its own, which is not to be there before the user has
    /// allowed the client (MCP security best practices, "Confused Deputy Problem"), so it is appended when that is certain.
    /// </summary>
    public static (TokenHash Hash, Action Append) NewUpstreamBinding(this HttpContext http)
    {
        var binding = Secret.OrNull(http.Request.Cookies[UpstreamCookie(http)]) ?? Secret.Generate(); // the same for two tabs
        return (TokenHash.Of(binding), () => http.Append(UpstreamCookie(http), binding, UpstreamSignIn.Lifetime));
    }

    /// <summary>Null when this browser was not sent to a provider of late.</summary>
    public static TokenHash? UpstreamBinding(this HttpContext http) => Secret.OrNull(http.Request.Cookies[UpstreamCookie(http)]) is { } known ? TokenHash.Of(known) : null;

    public static async Task SignInAsync(this HttpContext http, SignedInAccount account, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var stamp = await http.RequestServices.GetRequiredService<IMediator>().Send(new GetSessionStampQuery(account.Subject), http.RequestAborted);
        var identity = new ClaimsIdentity(
            [new Claim(Stamp, stamp.Value ?? ""), new Claim("sub", account.Subject), new Claim("name", account.UserName), new Claim(SignedInAt, now.UtcTicks.ToString(CultureInfo.InvariantCulture))],
            SessionScheme, "name", null);
        await http.SignInAsync(SessionScheme, new ClaimsPrincipal(identity));
        http.User = new ClaimsPrincipal(identity);
        http.Items[RequestLog.Subject] = account.Subject;
    }

    /// <summary>Ends a session whose account has a new password, is disabled or is gone.</summary>
    public static async Task CheckSessionAsync(CookieValidatePrincipalContext session)
    {
        var stamp = session.Principal?.FindFirstValue("sub") is { } subject
            ? await session.HttpContext.RequestServices.GetRequiredService<IMediator>().Send(new GetSessionStampQuery(subject), session.HttpContext.RequestAborted)
            : null;
        if (stamp?.Value is null || stamp.Value != session.Principal!.FindFirstValue(Stamp)) session.RejectPrincipal();
    }

    // The __Host- prefix needs Secure, which Safari does not accept from http://localhost.
    public static string CookieName(string name, bool isHttps) => isHttps ? $"__Host-{name}" : name;

    private static void Append(this HttpContext http, string name, Secret value, TimeSpan? lifetime) => http.Response.Cookies.Append(
        name, value.Reveal(), new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", Secure = IsHttps(http), MaxAge = lifetime });

    private static string UpstreamCookie(HttpContext http) => CookieName("oauthmcp-upstream", IsHttps(http));

    private static string BrowserCookie(HttpContext http) => CookieName("oauthmcp-browser", IsHttps(http));

    private static bool IsHttps(HttpContext http) => http.RequestServices.GetRequiredService<ServerSettings>().PublicUrl.Scheme == "https";
}
