using System.Security.Claims;
using OAuthMcp.Application.Tools;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// The caller that the bearer check let in. It goes along with each message of the request, so that a call knows its caller even
/// after the request has ended.
/// </summary>
internal sealed class CallerIdentity(Caller caller)
    : ClaimsIdentity([new Claim("sub", caller.Subject), new Claim("client_id", caller.ClientId!)], "Bearer", "sub", null)
{
    public Caller Caller => caller;

    /// <summary>The request that the caller sent, once it is being served.</summary>
    public OpenRequest? Request { get; set; }

    /// <summary>Null for a user that did not pass the bearer check.</summary>
    public static CallerIdentity? Of(ClaimsPrincipal? user) => user?.Identities.OfType<CallerIdentity>().SingleOrDefault();

    public override ClaimsIdentity Clone() => new CallerIdentity(caller) { Request = Request };
}
