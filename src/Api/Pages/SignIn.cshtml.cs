using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OAuthMcp.Api.Hosting;
using OAuthMcp.Application;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Pages;

public sealed class SignInModel(IMediator mediator, OAuthSettings settings, TimeProvider time) : PageModel
{
    public IReadOnlyList<UpstreamProvider> Providers => settings.Providers;
    public bool HasLocalAccounts => settings.LocalAccounts;
    public string? RequestId { get; private set; }
    public string? Then { get; private set; }
    public string? UserName { get; private set; }
    public string? Failure { get; private set; }

    public async Task<IActionResult> OnGetAsync([FromQuery(Name = "request")] string? requestId, [FromQuery] string? then, CancellationToken ct)
    {
        (RequestId, Then) = (requestId, Destinations.Known(then));
        if (requestId is null) return Page();
        var step = await mediator.Send(new ContinueAuthorizationCommand(requestId, HttpContext.Visitor()), ct);
        return step is AuthorizeStep.SignIn ? Page() : step.ToResult();
    }

    public async Task<IActionResult> OnPostAsync([FromForm(Name = "request")] string? requestId, [FromForm] string? then, [FromForm] string? userName, [FromForm] string? password, CancellationToken ct)
    {
        (RequestId, Then, UserName) = (requestId, Destinations.Known(then), userName);
        if (HttpContext.RequestServices.GetRequiredService<RateLimits>().RefuseSignIn(HttpContext) is { } tooMany) return AuthorizeSteps.Refusal(tooMany);
        switch (await mediator.Send(new SignInCommand(userName, Secret.OrNull(password)), ct))
        {
            case SignInOutcome.SignedIn(var account):
                await HttpContext.SignInAsync(account, time);
                return requestId is null ? new SeeOther(Destinations.PathOf(then)) : (await mediator.Send(new ContinueAuthorizationCommand(requestId, HttpContext.Visitor()), ct)).ToResult();
            case SignInOutcome.LockedOut(var retryAfter):
                Response.StatusCode = StatusCodes.Status429TooManyRequests;
                Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds)).ToString(null, null);
                Failure = Texts.SignIn_TooMany;
                return Page();
            default:
                Response.StatusCode = StatusCodes.Status400BadRequest;
                Failure = Texts.SignIn_Wrong;
                return Page();
        }
    }
}
