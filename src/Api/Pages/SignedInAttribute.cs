using Microsoft.AspNetCore.Mvc.Filters;

namespace OAuthMcp.Api.Pages;

/// <summary>Marks a page for signed-in users. Anybody else signs in first, and comes back to <see cref="Destination"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SignedInAttribute(string destination) : Attribute, IAuthorizationFilter
{
    /// <summary>One of <see cref="Destinations"/>. A form of the page that is too old leads there as well.</summary>
    public string Destination => destination;

    /// <summary>Whether the sign-in has to be recent; otherwise any session will do.</summary>
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
