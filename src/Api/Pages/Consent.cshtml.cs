using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Pages;

internal sealed class ConsentModel(IMediator mediator) : PageModel
{
    private static readonly string[] Fields = ["request", "decision", "scope", "__RequestVerificationToken"];

    public string? RequestId { get; private set; }
    public ConsentView? View { get; private set; }
    public string ClientName => ClientNames.Display(View!.ClientName) ?? Texts.Consent_Nameless;

    public async Task<IActionResult> OnGetAsync([FromQuery(Name = "request")] string? requestId, CancellationToken ct)
    {
        RequestId = requestId;
        var step = await mediator.Send(new ContinueAuthorizationCommand(requestId ?? "", HttpContext.Visitor()), ct);
        if (step is not AuthorizeStep.Consent)
            return step.ToResult();
        var result = await mediator.Send(new GetConsentQuery(requestId!, HttpContext.Visitor()), ct);
        if (!result.Try(out var view, out var refusal))
            return AuthorizeSteps.Refusal(refusal);
        View = view;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(
        [FromForm(Name = "request")] string? requestId,
        [FromForm] string? decision,
        [FromForm(Name = "scope")] string[] ticked,
        CancellationToken ct
    )
    {
        // The stored request is answered, so a form with a client, redirect or scope of its own was tampered with.
        if (
            decision is not ("allow" or "deny")
            || Request.Form.Any(field => !Fields.Contains(field.Key) || (field.Key != "scope" && field.Value.Count > 1))
        )
            return AuthorizeSteps.Refusal(OAuthError.InvalidRequest("The form is malformed."));
        return (
            await mediator.Send(new DecideConsentCommand(requestId ?? "", HttpContext.Visitor(), decision == "allow", ticked), ct)
        ).ToResult();
    }
}
