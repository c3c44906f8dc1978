using Microsoft.AspNetCore.Mvc.Filters;

namespace OAuthMcp.Api.Pages;

/// <summary>A page for somebody who is signed in. Anybody else signs in first, and comes back to <see cref="Destination"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SignedInAttribute(string destination) : Attribute, IAuthorizationFilter
{
    /// <summary>One of <see cref="Destinations"/>. A form of the page that came too late leads there as well.</summary>
    public string Destination => destination;

    /// <summary>Whether it has to have been just now; otherwise it may be as long ago as the session lasts.</summary>
    public bool Fresh { get; init; }

    public void OnAuthorization(AuthorizationFilterContext context)
    {
        var (visitor, now) = (
            context.HttpContext.Visitor(),
            context.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow()
        );
        if (visitor.Subject is not null && (!Fresh || visitor.IsFresh(now)))
            return;
        context.Result = new SeeOther($"/signin?then={Destination}");
    }
}
