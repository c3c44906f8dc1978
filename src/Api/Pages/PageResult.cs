using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;

namespace OAuthMcp.Api.Pages;

/// <summary>An answer that endpoints and pages can both return, in the language of who asked.</summary>
internal abstract class PageResult : IResult, IActionResult
{
    public Task ExecuteAsync(HttpContext httpContext) =>
        ExecuteResultAsync(new ActionContext(httpContext, httpContext.GetRouteData(), new ActionDescriptor()));

    public async Task ExecuteResultAsync(ActionContext context)
    {
        context.HttpContext.Speak();
        await AnswerAsync(context);
    }

    protected abstract Task AnswerAsync(ActionContext context);
}
