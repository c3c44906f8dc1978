using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OAuthMcp.Application.Accounts;

namespace OAuthMcp.Api.Pages.Account;

/// <summary>
/// How somebody signs in. It needs a recent sign-in, so that a browser that was left open does not give the account away.
/// </summary>
[SignedIn(Destinations.Account, Fresh = true), UsesScript]
internal sealed class IndexModel(IMediator mediator) : PageModel
{
    public AccountView? View { get; private set; }
    public (string Text, bool IsFailure)? Notice { get; private set; }

    public async Task OnGetAsync([FromQuery] string? notice, CancellationToken ct) =>
        (Notice, View) = (Notices.Of(notice), await mediator.Send(new GetAccountQuery(HttpContext.Account()), ct));
}
