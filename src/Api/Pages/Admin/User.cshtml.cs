using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OAuthMcp.Application.Accounts;

namespace OAuthMcp.Api.Pages.Admin;

/// <summary>One account: how it signs in, what keeps it from that, and what can be done.</summary>
[SignedIn(Destinations.Admin, Fresh = true), AdministratorsOnly]
internal sealed class UserModel(IMediator mediator) : PageModel
{
    public AccountDetails? Account { get; private set; }

    /// <summary>Whether it is the one that looks.</summary>
    public bool IsOwn => Account!.Subject == HttpContext.Account().Subject;

    /// <summary>What turns its state around.</summary>
    public string Turn => Account!.DisabledAt is null ? AdminAct.DisableUser : AdminAct.EnableUser;

    public async Task<IActionResult> OnGetAsync([FromQuery] string? name, CancellationToken ct)
    {
        if (!(await mediator.Send(new ShowAccountQuery(name), ct)).Try(out var account, out _))
            return new SeeOther($"/admin?notice={Notices.NoSuchUser}");
        Account = account;
        return Page();
    }
}
