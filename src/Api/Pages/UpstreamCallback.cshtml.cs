using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using OAuthMcp.Api.Http;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Api.Pages;

/// <summary>Where users come back from a provider. It shows nothing but refusals.</summary>
[EnableRateLimiting(PeerLimits.SignIn), ActsOnGet]
internal sealed class UpstreamCallbackModel(IMediator mediator, TimeProvider time) : PageModel
{
    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (Request.Query.Any(parameter => parameter.Value.Count > 1))
            return AuthorizeSteps.Refusal(UpstreamSignIn.Expired);
        string? One(string name) => Request.Query[name].ToString() is { Length: > 0 } value ? value : null;

        var arrival = await mediator.Send(
            new FinishUpstreamSignInCommand(
                Secret.OrNull(One("state")),
                Secret.OrNull(One("code")),
                One("error"),
                One("iss"),
                Request.Path.ToString(),
                HttpContext.UpstreamBinding(),
                HttpContext.Visitor(),
                HttpContext.IsAskedAgain()
            ),
            ct
        );
        HttpContext.AskAgain(arrival is UpstreamArrival.Went(AuthorizeStep.SignInThere));
        switch (arrival)
        {
            case UpstreamArrival.SignedIn(var account, var at, var requestId, var then):
                await HttpContext.SignInAsync(account, time.GetUtcNow(), at);
                return requestId is null
                    ? new AuthorizeStep.Page(then).ToResult()
                    : (await mediator.Send(new ContinueAuthorizationCommand(requestId, HttpContext.Visitor()), ct)).ToResult();
            case UpstreamArrival.NeedsCode(var account, var requestId, var then):
                await HttpContext.TakeFirstStepAsync(account);
                return new SeeOther(SignInSteps.Code(requestId, then));
            case UpstreamArrival.Went(var step):
                return step.ToResult();
            default:
                throw new InvalidOperationException($"No page for {arrival.GetType().Name}.");
        }
    }
}
