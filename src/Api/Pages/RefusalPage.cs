using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using OAuthMcp.Api.Http;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Pages;

/// <summary>A page with an error in plain words and a reference.</summary>
/// <param name="isApplications">Whether the fault is that of the application that sent the user here: its makers can use the words, the
/// user cannot.</param>
/// <param name="next">What the user can do now; null for the advice that goes with the error.</param>
/// <param name="says">What it says instead of the error, which is for the log then.</param>
internal sealed class RefusalPage(
    OAuthError error,
    int status = StatusCodes.Status400BadRequest,
    bool isApplications = false,
    IHtmlContent? next = null,
    string? says = null
) : PageResult
{
    protected override Task AnswerAsync(ActionContext context)
    {
        context.HttpContext.Explain(error);
        if (error.RetryAfter is { } wait)
            RetryAfter.Tell(context.HttpContext.Response, wait);
        return View(context).ExecuteResultAsync(context);
    }

    private ViewResult View(ActionContext context) =>
        new()
        {
            ViewName = "/Pages/Shared/Refusal.cshtml",
            StatusCode = status,
            ViewData = new ViewDataDictionary<RefusalView>(new EmptyModelMetadataProvider(), new ModelStateDictionary())
            {
                Model = new RefusalView(
                    isApplications ? Texts.Refusal_Application : Words ?? Texts.Refusal_Other,
                    isApplications || Words is null ? error.Description : null,
                    next ?? Next(),
                    context.HttpContext.TraceIdentifierOf()
                ),
            },
        };

    private string? Words => says ?? Sentences.Find(error.Description);

    private IHtmlContent Next() =>
        (
            error.Code is "not_found" or "method_not_allowed" ? Texts.Refusal_Start
            : error.RetryAfter is null ? Texts.Refusal_Again
            : Texts.Refusal_Later
        ).Format();
}
