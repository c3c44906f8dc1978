using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using OAuthMcp.Api.Http;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Pages;

/// <summary>
/// The cookie of a browser in which somebody has signed in. It opens nothing; wrong passwords of strangers do not lock this account
/// out in this browser.
/// </summary>
internal static class Devices
{
    public const string Scheme = "Device";

    /// <summary>After how long without use a browser is forgotten.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(180);

    private const string Name = "device";

    /// <summary>Where somebody is about to sign in from.</summary>
    public static async Task<SignInSource> SignInSourceAsync(this HttpContext http)
    {
        var device = (await http.AuthenticateAsync(Scheme)).Principal;
        return new SignInSource(Peer.Of(http), device?.FindFirstValue(Name), device?.FindFirstValue("sub"));
    }

    public static async Task RememberDeviceAsync(this HttpContext http, string subject)
    {
        var known = await http.SignInSourceAsync();
        var name = known.IsKnown(subject) ? known.Device! : Identifier.New("dev");
        var device = new ClaimsIdentity([new Claim("sub", subject), new Claim(Name, name)], Scheme);
        await http.SignInAsync(Scheme, new ClaimsPrincipal(device), new() { IsPersistent = true });
    }
}
