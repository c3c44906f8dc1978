using Microsoft.AspNetCore.Mvc.Filters;

namespace OAuthMcp.Api.Pages;

/// <summary>A page for somebody who is signed in. Anybody else signs in first, and comes back to <see cref="Destination"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SignedInAttribute(string destination) : Attribute, IAuthorizationFilter
{
    /// <summary>One of <see cref="Destinations"/>. A form of the page that came too late leads there as well.</summary>
    public string Destination => destination;

    /// <summary>How long ago the sign-in may be; 0 for as long as the session lasts.</summary>
    public int WithinMinutes { get; init; }

    public void OnAuthorization(AuthorizationFilterContext context)
    {
        var (visitor, now) = (
            context.HttpContext.Visitor(),
            context.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow()
        );
        if (visitor.Subject is not null && (WithinMinutes == 0 || visitor.SignedInAt > now.AddMinutes(-WithinMinutes)))
            return;
        context.Result = new SeeOther($"/signin?then={Destination}");
    }
}
