using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Pages.Account;

/// <summary>Sets an authenticator app up: shows the key, takes a code that proves it, and shows the recovery codes once.</summary>
[SignedIn(Destinations.Account, Fresh = true)]
internal sealed class AuthenticatorModel(IMediator mediator, OAuthSettings settings) : PageModel
{
    public AuthenticatorKey? Key { get; private set; }
    public Secret KeyUri => Key!.Uri(settings.Brand.Name, User.Identity!.Name!);
    public IReadOnlyList<Secret>? RecoveryCodes { get; private set; }
    public bool IsWrong { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!(await mediator.Send(new ProposeAuthenticatorCommand(HttpContext.Account().Subject), ct)).Try(out var key, out _))
            return new SeeOther("/account");
        Key = key;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync([FromForm] string? code, CancellationToken ct)
    {
        (RecoveryCodes, Key) = await mediator.Send(new ConfirmAuthenticatorCommand(HttpContext.Account().Subject, code), ct);
        if (RecoveryCodes is not null)
            return Page();
        if (Key is null)
            return new SeeOther("/account");
        IsWrong = true;
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }
}
