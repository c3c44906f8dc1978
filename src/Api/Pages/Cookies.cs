using System.Data.Common;
using System.Globalization;
using System.Security.Claims;
using MediatR;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Http;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Api.Pages;

/// <summary>The cookies of the pages: who is signed in, and which browser began an authorization request.</summary>
internal static class Cookies
{
    public const string SessionScheme = CookieAuthenticationDefaults.AuthenticationScheme;

    /// <summary>Holds for whom the right password was given, until a code follows. It opens nothing else.</summary>
    public const string FirstStepScheme = "FirstStep";
    private const string SignedInAt = "auth_time";
    private const string Began = "began";
    private const string Stamp = "stamp";
    private const string SessionId = "sid";

    public static Visitor Visitor(this HttpContext http) =>
        new(
            Secret.OrNull(http.Request.Cookies[BrowserCookie(http)]),
            http.User.FindFirstValue("sub"),
            http.TimeOf(SignedInAt),
            http.User.FindFirstValue(Stamp)
        );

    /// <summary>Whether the session began just now, by whatever proof. Enough to take something away, not to add it.</summary>
    public static bool HasJustBegun(this HttpContext http, DateTimeOffset now) =>
        http.TimeOf(Began) > now - Domain.Authorize.Visitor.Freshness;

    /// <summary>The binding cookie of this browser, which is set here if there is none.</summary>
    public static Secret BindBrowser(this HttpContext http)
    {
        if (Secret.OrNull(http.Request.Cookies[BrowserCookie(http)]) is { } known)
            return known;
        var browser = Secret.Generate();
        http.Append(BrowserCookie(http), browser, null);
        return browser;
    }

    /// <summary>
    /// The cookie that binds this browser on its way to a provider. It is appended only once the user has allowed the client (MCP
    /// security best practices, "Confused Deputy Problem").
    /// </summary>
    public static (TokenHash Hash, Action Append) NewUpstreamBinding(this HttpContext http)
    {
        var binding = Secret.OrNull(http.Request.Cookies[UpstreamCookie(http)]) ?? Secret.Generate(); // two tabs share it
        return (TokenHash.Of(binding), () => http.Append(UpstreamCookie(http), binding, UpstreamSignIn.Lifetime));
    }

    /// <summary>Null when this browser was not sent to a provider lately.</summary>
    public static TokenHash? UpstreamBinding(this HttpContext http) =>
        Secret.OrNull(http.Request.Cookies[UpstreamCookie(http)]) is { } known ? TokenHash.Of(known) : null;

    /// <summary>Whether a provider has lately asked that the user of this browser signs in anew.</summary>
    public static bool IsAskedAgain(this HttpContext http) => http.Request.Cookies.ContainsKey(AgainCookie(http));

    /// <summary>Remembers this for the next visit to the provider, or forgets it.</summary>
    public static void AskAgain(this HttpContext http, bool isWanted)
    {
        if (isWanted)
            http.Append(AgainCookie(http), new Secret("1"), UpstreamSignIn.Lifetime);
        else if (http.IsAskedAgain())
            http.Append(AgainCookie(http), new Secret(""), TimeSpan.Zero);
    }

    /// <summary>The signed-in account, on pages that require one.</summary>
    public static SignedInAccount Account(this HttpContext http) => new(http.User.FindFirstValue("sub")!, http.User.Identity!.Name!);

    /// <summary>Signs in an account whose owner has just proven who it is.</summary>
    public static Task SignInAsync(this HttpContext http, SignedInAccount account, TimeProvider time) =>
        http.SignInAsync(account, time.GetUtcNow(), time.GetUtcNow());

    /// <param name="at">When the owner proved who it is; null when a provider did not say.</param>
    public static async Task SignInAsync(this HttpContext http, SignedInAccount account, DateTimeOffset now, DateTimeOffset? at)
    {
        http.User = await PrincipalAsync(
            http,
            account,
            [new Claim(Began, TicksOf(now)), .. at is { } shown ? [new Claim(SignedInAt, TicksOf(shown))] : Array.Empty<Claim>()]
        );
        await http.SignInAsync(SessionScheme, http.User);
        await http.RememberDeviceAsync(account.Subject);
        if (http.Request.Cookies.ContainsKey(CookieName("oauthmcp-firststep", PublicUrl(http))))
            await http.SignOutAsync(FirstStepScheme);
        http.Items[RequestLog.Subject] = account.Subject;
    }

    /// <summary>Ends the session, in this browser and in every copy of its cookie.</summary>
    public static async Task EndSessionAsync(this HttpContext http)
    {
        if (http.User.FindFirstValue(SessionId) is { } id)
            await http.RequestServices.GetRequiredService<IMediator>().Send(new EndSessionCommand(id), http.RequestAborted);
        await http.SignOutAsync(SessionScheme);
    }

    /// <summary>Remembers for five minutes that the password was right.</summary>
    public static async Task TakeFirstStepAsync(this HttpContext http, SignedInAccount account) =>
        await http.SignInAsync(FirstStepScheme, await PrincipalAsync(http, account));

    /// <summary>The account whose password was right here; null when there is none or it is too long ago.</summary>
    public static async Task<string?> FirstStepAsync(this HttpContext http) =>
        (await http.AuthenticateAsync(FirstStepScheme)).Principal?.FindFirstValue("sub");

    /// <summary>Ends a session whose account has a new password, is disabled or is gone.</summary>
    public static async Task CheckSessionAsync(CookieValidatePrincipalContext session)
    {
        try
        {
            var stamp = session.Principal?.FindFirstValue("sub") is { } subject
                ? await session
                    .HttpContext.RequestServices.GetRequiredService<IMediator>()
                    .Send(
                        new GetSessionStampQuery(subject, session.Principal.FindFirstValue(SessionId)),
                        session.HttpContext.RequestAborted
                    )
                : null;
            if (stamp?.Value is null || stamp.Value != session.Principal!.FindFirstValue(Stamp))
                session.RejectPrincipal();
        }
        catch (Exception outage) when (outage is DbException or TimeoutException && NeedsNoDatabaseAttribute.IsOn(session.HttpContext))
        {
            session.RejectPrincipal(); // for this page alone: the cookie stays
        }
    }

    private static async Task<ClaimsPrincipal> PrincipalAsync(HttpContext http, SignedInAccount account, params IEnumerable<Claim> claims)
    {
        // The stamp of the time of the password check, so that the session ends if a new password was set meanwhile.
        var stamp = account.Stamp
            ?? (
                await http
                    .RequestServices.GetRequiredService<IMediator>()
                    .Send(new GetSessionStampQuery(account.Subject, null), http.RequestAborted)
            ).Value;
        return new ClaimsPrincipal(
            new ClaimsIdentity(
                [
                    new Claim(Stamp, stamp ?? ""),
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

    private static string TicksOf(DateTimeOffset time) => time.UtcTicks.ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset? TimeOf(this HttpContext http, string claim) =>
        long.TryParse(http.User.FindFirstValue(claim), CultureInfo.InvariantCulture, out var ticks)
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : null;

    /// <summary>
    /// A cookie name that no other server on this host can take or overwrite, since ports share cookies (RFC 6265 §8.5). It begins
    /// with <c>__Host-</c>, which needs Secure; on http://localhost, where Safari refuses Secure cookies, it holds the port.
    /// </summary>
    public static string CookieName(string name, Uri publicUrl) =>
        publicUrl.Scheme == "https" ? $"__Host-{name}" : $"{name}-{publicUrl.Port}";

    public static void Append(this HttpContext http, string name, Secret value, TimeSpan? lifetime) =>
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

    private static string UpstreamCookie(HttpContext http) => CookieName("oauthmcp-upstream", PublicUrl(http));

    private static string AgainCookie(HttpContext http) => CookieName("oauthmcp-again", PublicUrl(http));

    private static string BrowserCookie(HttpContext http) => CookieName("oauthmcp-browser", PublicUrl(http));

    private static bool IsHttps(HttpContext http) => PublicUrl(http).Scheme == "https";

    public static Uri PublicUrl(HttpContext http) => http.RequestServices.GetRequiredService<ServerSettings>().PublicUrl;
}
