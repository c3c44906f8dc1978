using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using OAuthMcp.Api.Http;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Pages;

/// <summary>The second step of a sign-in, a code. Without a recent first step the sign-in begins anew.</summary>
[EnableRateLimiting(PeerLimits.SignIn)]
internal sealed class SignInCodeModel(IMediator mediator, TimeProvider time) : PageModel
{
    public string? RequestId { get; private set; }
    public string? Then { get; private set; }
    public string? Failure { get; private set; }

    public async Task<IActionResult> OnGetAsync([FromQuery(Name = "request")] string? requestId, [FromQuery] string? then)
    {
        (RequestId, Then) = (requestId, Destinations.Known(then));
        return await HttpContext.FirstStepAsync() is null ? new SeeOther(SignInSteps.Password(RequestId, Then)) : Page();
    }

    public async Task<IActionResult> OnPostAsync(
        [FromForm(Name = "request")] string? requestId,
        [FromForm] string? then,
        [FromForm] string? code,
        CancellationToken ct
    )
    {
        (RequestId, Then) = (requestId, Destinations.Known(then));
        if (await HttpContext.FirstStepAsync() is not { } subject)
            return new SeeOther(SignInSteps.Password(RequestId, Then));
        switch (await mediator.Send(new SignInWithCodeCommand(subject, Secret.OrNull(code), await HttpContext.SignInSourceAsync()), ct))
        {
            case SignInOutcome.SignedIn(var account):
                await HttpContext.SignInAsync(account, time);
                return requestId is null
                    ? new SeeOther(Destinations.PathOf(then))
                    : (await mediator.Send(new ContinueAuthorizationCommand(requestId, HttpContext.Visitor()), ct)).ToResult();
            case SignInOutcome.LockedOut(var retryAfter):
                Failure = Response.TooMany(retryAfter);
                return Page();
            default:
                Response.StatusCode = StatusCodes.Status400BadRequest;
                Failure = Texts.SignInCode_Wrong;
                return Page();
        }
    }
}
