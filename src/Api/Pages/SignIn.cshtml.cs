using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using OAuthMcp.Api.Http;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Api.Pages;

[EnableRateLimiting(PeerLimits.SignIn), BodyLimit(BodyLimitAttribute.OfPasskeys), UsesScript]
internal sealed class SignInModel(IMediator mediator, OAuthSettings settings, TimeProvider time) : PageModel
{
    public IReadOnlyList<UpstreamProvider> Providers => settings.Providers;
    public bool HasLocalAccounts => settings.LocalAccounts;
    public string? RequestId { get; private set; }
    public string? Then { get; private set; }
    public string? UserName { get; private set; }
    public bool IsSinceUnknown => HttpContext.Visitor() is { Subject: not null, SignedInAt: null };
    public string? Failure { get; private set; }
    public PasskeyCeremony? Passkey { get; private set; }

    public async Task<IActionResult> OnGetAsync(
        [FromQuery(Name = "request")] string? requestId,
        [FromQuery] string? then,
        CancellationToken ct
    )
    {
        (RequestId, Then) = (requestId, Destinations.Known(then));
        if (requestId is null && HttpContext.Visitor().Subject is not null)
            UserName = User.Identity!.Name; // the session is too old for the next page
        if (requestId is null)
            return await PageAsync(ct);
        var step = await mediator.Send(new ContinueAuthorizationCommand(requestId, HttpContext.Visitor()), ct);
        return step is AuthorizeStep.SignIn ? await PageAsync(ct) : step.ToResult();
    }

    public async Task<IActionResult> OnPostAsync(
        [FromForm(Name = "request")] string? requestId,
        [FromForm] string? then,
        [FromForm] string? userName,
        [FromForm] string? password,
        [FromForm] string? credential,
        [FromForm] string? state,
        CancellationToken ct
    )
    {
        (RequestId, Then, UserName) = (requestId, Destinations.Known(then), userName);
        var isPasskey = Request.Form.ContainsKey("credential"); // empty when the browser could not read the authenticator
        switch (
            isPasskey
                ? await mediator.Send(
                    new SignInWithPasskeyCommand(new PasskeyAnswer(new Secret(credential ?? ""), new Secret(state ?? ""))),
                    ct
                )
                : await mediator.Send(new SignInCommand(userName, Secret.OrNull(password), await HttpContext.SignInSourceAsync()), ct)
        )
        {
            case SignInOutcome.SignedIn(var account):
                await HttpContext.SignInAsync(account, time);
                return requestId is null
                    ? new SeeOther(Destinations.PathOf(then))
                    : (await mediator.Send(new ContinueAuthorizationCommand(requestId, HttpContext.Visitor()), ct)).ToResult();
            case SignInOutcome.NeedsCode(var account):
                await HttpContext.TakeFirstStepAsync(account);
                return new SeeOther(SignInSteps.Code(RequestId, Then));
            case SignInOutcome.LockedOut(var retryAfter):
                Failure = Response.TooMany(retryAfter);
                return await PageAsync(ct);
            default:
                Response.StatusCode = StatusCodes.Status400BadRequest;
                Failure = isPasskey ? Texts.Notice_PasskeyRefused : Texts.SignIn_Wrong;
                return await PageAsync(ct);
        }
    }

    private async Task<IActionResult> PageAsync(CancellationToken ct)
    {
        Passkey = await mediator.Send(new BeginPasskeySignInQuery(), ct);
        return Page();
    }
}
