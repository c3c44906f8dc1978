using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using OAuthMcp.Api.Hosting;
using OAuthMcp.Api.OAuth;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Pages;

/// <summary>An answer that endpoints and pages can both return.</summary>
internal abstract class PageResult : IResult, IActionResult
{
    public Task ExecuteAsync(HttpContext httpContext) => ExecuteResultAsync(new ActionContext(httpContext, httpContext.GetRouteData(), new ActionDescriptor()));

    public abstract Task ExecuteResultAsync(ActionContext context);
}

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

/// <summary>An error in plain words with a reference.</summary>
/// <param name="isApplications">Whether the fault is that of the application that sent the user here: its makers can use the words, the user cannot.</param>
/// <param name="next">What the user can do now; null for what follows from the error.</param>
internal sealed class RefusalPage(OAuthError error, int status = StatusCodes.Status400BadRequest, bool isApplications = false, IHtmlContent? next = null) : PageResult
{
    public override Task ExecuteResultAsync(ActionContext context)
    {
        context.HttpContext.Items[RequestLog.Error] = error.Code;
        if (error.RetryAfter is { } retryAfter) context.HttpContext.Response.Headers.RetryAfter = ((int)Math.Ceiling(retryAfter.TotalSeconds)).ToString(null, null);
        return View(context).ExecuteResultAsync(context);
    }

    private ViewResult View(ActionContext context) => new()
    {
        ViewName = "/Pages/Shared/Refusal.cshtml",
        StatusCode = status,
        ViewData = new ViewDataDictionary<RefusalView>(new EmptyModelMetadataProvider(), new ModelStateDictionary())
        {
            Model = new RefusalView(isApplications ? Texts.Refusal_Application : error.Description, isApplications ? error.Description : null, next ?? Next(), context.HttpContext.TraceIdentifierOf()),
        },
    };

    private IHtmlContent Next() => (error.Code is "not_found" or "method_not_allowed" ? Texts.Refusal_Start : error.RetryAfter is null ? Texts.Refusal_Again : Texts.Refusal_Later).Format();
}

/// <param name="ForMakers">What only the makers of the application understand, or null.</param>
public sealed record RefusalView(string Description, string? ForMakers, IHtmlContent Next, string Reference);

internal static class AuthorizeSteps
{
    /// <summary>Shows a step. Which one it is was decided elsewhere.</summary>
    /// <param name="isApplications">Whether a refusal is the fault of the application.</param>
    public static PageResult ToResult(this AuthorizeStep step, bool isApplications = false) => step switch
    {
        AuthorizeStep.SignIn(var id) => new SeeOther($"/signin?request={id}"),
        AuthorizeStep.Consent(var id) => new SeeOther($"/consent?request={id}"),
        AuthorizeStep.Upstream(var id) => new SeeOther($"/signin/upstream?request={id}"),
        AuthorizeStep.Redirect(var location, var reason) => new SeeOther(location, reason),
        AuthorizeStep.ConfirmRedirect(var location, var host, var reason) => new RefusalPage(reason, isApplications: true, next: Texts.Refusal_Home.Format(host, location)),
        AuthorizeStep.Refuse(var reason) => Refusal(reason, isApplications),
        _ => throw new InvalidOperationException($"No page for {step.GetType().Name}."),
    };

    /// <summary>403 for a request that another browser began, 400 for all else.</summary>
    public static RefusalPage Refusal(OAuthError reason, bool isApplications = false) =>
        new(reason, reason.Code == "access_denied" ? StatusCodes.Status403Forbidden : OAuthResults.StatusOf(reason), isApplications && reason.RetryAfter is null);
}
