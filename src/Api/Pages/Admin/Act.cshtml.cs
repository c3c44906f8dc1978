using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Pages.Admin;

/// <summary>Asks once more before something is done, and does it.</summary>
[SignedIn(Destinations.Admin, Fresh = true), AdministratorsOnly]
internal sealed class ActModel(IMediator mediator) : PageModel
{
    internal AdminAct? Act { get; private set; }
    public string? What { get; private set; }
    public string? On { get; private set; }

    public IActionResult OnGet([FromQuery] string? what, [FromQuery] string? on)
    {
        (Act, What, On) = (AdminAct.Find(what), what, on);
        return Act is null || string.IsNullOrEmpty(on) ? new SeeOther("/admin") : Page();
    }

    public async Task<IActionResult> OnPostAsync([FromForm] string? what, [FromForm] string? on, CancellationToken ct)
    {
        if (AdminAct.Find(what) is not { } act || string.IsNullOrEmpty(on))
            return new SeeOther("/admin");
        if (act.IsOnAccount && await IsOwnAsync(on, ct))
            return new SeeOther($"/admin?notice={Notices.OwnAccount}"); // nobody might be left to mend it
        return await act.DoAsync(mediator, on, ct) is { } refusal
            ? new RefusalPage(OAuthError.InvalidRequest(refusal.Description), says: Texts.Admin_Gone)
            : new SeeOther($"{act.Back}?notice={what}");
    }

    private async Task<bool> IsOwnAsync(string userName, CancellationToken ct) =>
        (await mediator.Send(new ShowAccountQuery(userName), ct)).Try(out var account, out _)
        && account.Subject == HttpContext.Account().Subject;
}
