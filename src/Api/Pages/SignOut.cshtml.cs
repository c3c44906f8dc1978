using MediatR;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OAuthMcp.Application.Authorize;

namespace OAuthMcp.Api.Pages;

/// <summary>Ends the session in this browser; what was allowed to clients stays. Goes on with a request that had begun.</summary>
public sealed class SignOutModel(IMediator mediator) : PageModel
{
    public async Task<IActionResult> OnPostAsync([FromForm(Name = "request")] string? requestId, CancellationToken ct)
    {
        await HttpContext.SignOutAsync(Visitors.SessionScheme);
        if (requestId is null) return new SeeOther("/");
        return (await mediator.Send(new ContinueAuthorizationCommand(requestId, HttpContext.Visitor() with { Subject = null, SignedInAt = null }), ct)).ToResult();
    }
}
