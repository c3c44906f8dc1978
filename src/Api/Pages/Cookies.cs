using System.Globalization;
using System.Security.Claims;
using MediatR;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Http;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Api.Pages;

/// <summary>The cookies of the pages: who is signed in, and which browser began an authorization request.</summary>
internal static class Cookies
{
    public const string SessionScheme = CookieAuthenticationDefaults.AuthenticationScheme;

    /// <summary>Holds who gave the right password until a code follows; it opens nothing else.</summary>
    public const string FirstStepScheme = "FirstStep";
    private const string SignedInAt = "auth_time";
    private const string Stamp = "stamp";
    private const string SessionId = "sid";

    public static Visitor Visitor(this HttpContext http) =>
        new(
            Secret.OrNull(http.Request.Cookies[BrowserCookie(http)]) is { } browser ? TokenHash.Of(browser) : null,
            http.User.FindFirstValue("sub"),
            long.TryParse(http.User.FindFirstValue(SignedInAt), CultureInfo.InvariantCulture, out var ticks)
                ? new DateTimeOffset(ticks, TimeSpan.Zero)
                : null
        );

    /// <summary>The hash of this browser's binding cookie, which it gets here if it has none.</summary>
    public static TokenHash BindBrowser(this HttpContext http)
    {
        if (Secret.OrNull(http.Request.Cookies[BrowserCookie(http)]) is { } known)
            return TokenHash.Of(known);
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
    public static TokenHash? UpstreamBinding(this HttpContext http) =>
        Secret.OrNull(http.Request.Cookies[UpstreamCookie(http)]) is { } known ? TokenHash.Of(known) : null;

    /// <summary>Who is signed in, where a page is for nobody else.</summary>
    public static SignedInAccount Account(this HttpContext http) => new(http.User.FindFirstValue("sub")!, http.User.Identity!.Name!);

    public static async Task SignInAsync(this HttpContext http, SignedInAccount account, TimeProvider time)
    {
        http.User = await PrincipalAsync(
            http,
            account,
            new Claim(SignedInAt, time.GetUtcNow().UtcTicks.ToString(CultureInfo.InvariantCulture))
        );
        await http.SignInAsync(SessionScheme, http.User);
        if (http.Request.Cookies.ContainsKey(CookieName("oauthmcp-firststep", IsHttps(http))))
            await http.SignOutAsync(FirstStepScheme);
        http.Items[RequestLog.Subject] = account.Subject;
    }

    /// <summary>Ends the session, in this browser and for whoever has a copy of its cookie.</summary>
    public static async Task EndSessionAsync(this HttpContext http)
    {
        if (http.User.FindFirstValue(SessionId) is { } id)
            await http.RequestServices.GetRequiredService<IMediator>().Send(new EndSessionCommand(id), http.RequestAborted);
        await http.SignOutAsync(SessionScheme);
    }

    /// <summary>Remembers for five minutes that the password was right.</summary>
    public static async Task TakeFirstStepAsync(this HttpContext http, SignedInAccount account) =>
        await http.SignInAsync(FirstStepScheme, await PrincipalAsync(http, account));

    /// <summary>Whose password was right here; null when it was nobody's, or too long ago.</summary>
    public static async Task<string?> FirstStepAsync(this HttpContext http) =>
        (await http.AuthenticateAsync(FirstStepScheme)).Principal?.FindFirstValue("sub");

    /// <summary>Ends a session whose account has a new password, is disabled or is gone.</summary>
    public static async Task CheckSessionAsync(CookieValidatePrincipalContext session)
    {
        var stamp = session.Principal?.FindFirstValue("sub") is { } subject
            ? await session
                .HttpContext.RequestServices.GetRequiredService<IMediator>()
                .Send(new GetSessionStampQuery(subject, session.Principal.FindFirstValue(SessionId)), session.HttpContext.RequestAborted)
            : null;
        if (stamp?.Value is null || stamp.Value != session.Principal!.FindFirstValue(Stamp))
            session.RejectPrincipal();
    }

    private static async Task<ClaimsPrincipal> PrincipalAsync(HttpContext http, SignedInAccount account, params IEnumerable<Claim> claims)
    {
        var stamp = await http
            .RequestServices.GetRequiredService<IMediator>()
            .Send(new GetSessionStampQuery(account.Subject, null), http.RequestAborted);
        return new ClaimsPrincipal(
            new ClaimsIdentity(
                [
                    new Claim(Stamp, stamp.Value ?? ""),
                    new Claim(SessionId, Identifier.New("ses")),
                    new Claim("sub", account.Subject),
                    new Claim("name", account.UserName),
                    .. claims,
                ],
                SessionScheme,
                "name",
                null
            )
        );
    }

    // The __Host- prefix needs Secure, which Safari does not accept from http://localhost.
    public static string CookieName(string name, bool isHttps) => isHttps ? $"__Host-{name}" : name;

    private static void Append(this HttpContext http, string name, Secret value, TimeSpan? lifetime) =>
        http.Response.Cookies.Append(
            name,
            value.Reveal(),
            new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Path = "/",
                Secure = IsHttps(http),
                MaxAge = lifetime,
            }
        );

    private static string UpstreamCookie(HttpContext http) => CookieName("oauthmcp-upstream", IsHttps(http));

    private static string BrowserCookie(HttpContext http) => CookieName("oauthmcp-browser", IsHttps(http));

    private static bool IsHttps(HttpContext http) => http.RequestServices.GetRequiredService<ServerSettings>().PublicUrl.Scheme == "https";
}
