using Microsoft.AspNetCore.Mvc.Filters;

namespace OAuthMcp.Api.Pages;

/// <summary>A page for somebody who is signed in. Anybody else signs in first, and comes back to <paramref name="destination"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SignedInAttribute(string destination) : Attribute, IAuthorizationFilter
{
    /// <summary>How long ago the sign-in may be; 0 for as long as the session lasts.</summary>
    public int WithinMinutes { get; init; }

    public void OnAuthorization(AuthorizationFilterContext context)
    {
        var (visitor, now) = (context.HttpContext.Visitor(), context.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
        if (visitor.Subject is not null && (WithinMinutes == 0 || visitor.SignedInAt > now.AddMinutes(-WithinMinutes))) return;
        context.Result = new SeeOther($"/signin?then={destination}");
    }
}

/// <summary>Where signing in leads when no client waits: one of these, by name, since an address in the request could be anybody's (CWE-601).</summary>
internal static class Destinations
{
    public const string Connections = "connections";
    public const string Account = "account";

    /// <summary>The name, if it is one; else null.</summary>
    public static string? Known(string? name) => name is Connections or Account ? name : null;

    public static string PathOf(string? name) => $"/{Known(name)}";
}
