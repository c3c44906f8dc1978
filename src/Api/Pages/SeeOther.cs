using Microsoft.AspNetCore.Mvc;
using OAuthMcp.Api.Http;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Pages;

/// <summary>303: the browser goes on with GET, so that a password it just posted is not posted on (RFC 9700 §4.12).</summary>
internal sealed class SeeOther(string location, OAuthError? reason = null) : PageResult
{
    public override Task ExecuteResultAsync(ActionContext context)
    {
        context.HttpContext.Items[RequestLog.Error] = reason?.Code;
        context.HttpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.HttpContext.Response.Headers.Location = location;
        return Task.CompletedTask;
    }
}
