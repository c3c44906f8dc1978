using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;

namespace OAuthMcp.Api.Pages;

/// <summary>An answer that endpoints and pages can both return.</summary>
internal abstract class PageResult : IResult, IActionResult
{
    public Task ExecuteAsync(HttpContext httpContext) =>
        ExecuteResultAsync(new ActionContext(httpContext, httpContext.GetRouteData(), new ActionDescriptor()));

    public abstract Task ExecuteResultAsync(ActionContext context);
}
