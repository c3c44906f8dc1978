using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Pages.Account;

[SignedIn(Destinations.Account, Fresh = true)]
internal sealed class RecoveryCodesModel(IMediator mediator) : PageModel
{
    public IReadOnlyList<Secret>? Codes { get; private set; }

    public IActionResult OnGet() => new SeeOther("/account");

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        Codes = (await mediator.Send(new RenewRecoveryCodesCommand(HttpContext.Account().Subject), ct)).Codes;
        return Codes is null ? new SeeOther("/account") : Page();
    }
}
