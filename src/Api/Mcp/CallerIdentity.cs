using System.Security.Claims;
using OAuthMcp.Application.Tools;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// Whoever the bearer check let in. It goes along with each message that came in the request, so that a call knows its caller
/// whatever has become of the request meanwhile.
/// </summary>
internal sealed class CallerIdentity(Caller caller)
    : ClaimsIdentity([new Claim("sub", caller.Subject), new Claim("client_id", caller.ClientId!)], BearerHandler.SchemeName, "sub", null)
{
    public Caller Caller => caller;

    /// <summary>The request that it came in, once that is served.</summary>
    public OpenRequest? Request { get; set; }

    /// <summary>Null for whoever did not pass the bearer check.</summary>
    public static CallerIdentity? Of(ClaimsPrincipal? user) => user?.Identities.OfType<CallerIdentity>().SingleOrDefault();

    public override ClaimsIdentity Clone() => new CallerIdentity(caller) { Request = Request };
}
