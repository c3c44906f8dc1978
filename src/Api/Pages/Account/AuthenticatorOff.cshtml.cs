using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OAuthMcp.Application.Accounts;

namespace OAuthMcp.Api.Pages.Account;

/// <summary>Asks once more before the authenticator app is turned off.</summary>
[SignedIn(Destinations.Account, Fresh = true)]
internal sealed class AuthenticatorOffModel(IMediator mediator) : PageModel
{
    public int RecoveryCodesLeft { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        var view = await mediator.Send(new GetAccountQuery(HttpContext.Account()), ct);
        RecoveryCodesLeft = view.RecoveryCodesLeft;
        return view.HasSecondFactor ? Page() : new SeeOther("/account");
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        await mediator.Send(new TurnOffAuthenticatorCommand(HttpContext.Account().Subject), ct);
        return Notices.OnAccount(Notices.AuthenticatorOff);
    }
}
