using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OAuthMcp.Application.Authorize;

namespace OAuthMcp.Api.Pages;

/// <summary>Ends the session and goes on with a request that had begun. What clients were allowed stays.</summary>
internal sealed class SignOutModel(IMediator mediator) : PageModel
{
    public async Task<IActionResult> OnPostAsync([FromForm(Name = "request")] string? requestId, CancellationToken ct)
    {
        await HttpContext.EndSessionAsync();
        if (requestId is null)
            return new SeeOther("/");
        return (
            await mediator.Send(
                new ContinueAuthorizationCommand(requestId, HttpContext.Visitor() with { Subject = null, SignedInAt = null }),
                ct
            )
        ).ToResult();
    }
}
