using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using OAuthMcp.Api.Http;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Api.Pages;

/// <summary>Back from a provider, whichever it was. Draws nothing but a refusal.</summary>
[EnableRateLimiting(PeerLimits.SignIn), ActsOnGet]
public sealed class UpstreamCallbackModel(IMediator mediator, TimeProvider time) : PageModel
{
    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (Request.Query.Any(parameter => parameter.Value.Count > 1))
            return AuthorizeSteps.Refusal(UpstreamSignIn.Expired);
        string? One(string name) => Request.Query[name].ToString() is { Length: > 0 } value ? value : null;

        var finished = await mediator.Send(
            new FinishUpstreamSignInCommand(
                Secret.OrNull(One("state")),
                Secret.OrNull(One("code")),
                One("error"),
                One("iss"),
                Request.Path.ToString(),
                HttpContext.UpstreamBinding(),
                HttpContext.Visitor().Subject
            ),
            ct
        );
        if (!finished.Try(out var arrival, out var refusal))
            return AuthorizeSteps.Refusal(refusal);
        if (arrival is { Account: { } halfway, NeedsCode: true, IsLink: false })
        {
            await HttpContext.TakeFirstStepAsync(halfway);
            return new SeeOther(SignInSteps.Code(arrival.RequestId, arrival.Then));
        }

        if (arrival is { Account: { } account, IsLink: false })
            await HttpContext.SignInAsync(account, time);
        if (arrival.RequestId is not { } requestId)
            return new SeeOther(
                arrival is { Account: null, IsLink: false } ? SignInSteps.Password(null, arrival.Then) : Destinations.PathOf(arrival.Then)
            );
        return (
            arrival.Account is null
                ? await mediator.Send(new DecideConsentCommand(requestId, HttpContext.Visitor(), Allow: false, []), ct)
                : await mediator.Send(new ContinueAuthorizationCommand(requestId, HttpContext.Visitor()), ct)
        ).ToResult();
    }
}
