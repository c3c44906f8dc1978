using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OAuthMcp.Application.Accounts;

namespace OAuthMcp.Api.Pages.Account;

[SignedIn(Destinations.Account, Fresh = true)]
public sealed class AuthenticatorOffModel(IMediator mediator) : PageModel
{
    public IActionResult OnGet() => new SeeOther("/account");

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        await mediator.Send(new TurnOffAuthenticatorCommand(HttpContext.Account().Subject), ct);
        return Notices.OnAccount(Notices.AuthenticatorOff);
    }
}
