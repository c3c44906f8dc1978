using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OAuthMcp.Application.Accounts;

namespace OAuthMcp.Api.Pages.Account;

/// <summary>Asks once more before a passkey is removed.</summary>
[SignedIn(Destinations.Account, Fresh = true)]
internal sealed class PasskeyRemovalModel(IMediator mediator) : PageModel
{
    public Passkey? Passkey { get; private set; }

    public async Task<IActionResult> OnGetAsync([FromQuery] string? id, CancellationToken ct)
    {
        Passkey = (await mediator.Send(new GetAccountQuery(HttpContext.Account()), ct)).Passkeys.FirstOrDefault(known => known.Id == id);
        return Passkey is null ? new SeeOther("/account") : Page();
    }

    public async Task<IActionResult> OnPostAsync([FromForm] string? id, CancellationToken ct)
    {
        await mediator.Send(new RemovePasskeyCommand(HttpContext.Account().Subject, id ?? ""), ct);
        return Notices.OnAccount(Notices.PasskeyRemoved);
    }
}
