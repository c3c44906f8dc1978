using Microsoft.AspNetCore.Mvc;
using OAuthMcp.Api.Http;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Pages;

/// <summary>303, with which the browser goes on by GET and does not post a password again (RFC 9700 §4.12).</summary>
internal sealed class SeeOther(string location, OAuthError? reason = null) : PageResult
{
    protected override Task AnswerAsync(ActionContext context)
    {
        if (reason is { } error)
            context.HttpContext.Explain(error);
        context.HttpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.HttpContext.Response.Headers.Location = location;
        return Task.CompletedTask;
    }
}
