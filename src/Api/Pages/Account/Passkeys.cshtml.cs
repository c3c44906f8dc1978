using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OAuthMcp.Api.Http;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Pages.Account;

[SignedIn(Destinations.Account, Fresh = true), BodyLimit(BodyLimitAttribute.OfPasskeys)]
internal sealed class PasskeysModel(IMediator mediator) : PageModel
{
    public IActionResult OnGet() => new SeeOther("/account");

    public async Task<IActionResult> OnPostAsync(
        [FromForm] string? name,
        [FromForm] string? credential,
        [FromForm] string? state,
        CancellationToken ct
    )
    {
        var added = await mediator.Send(
            new AddPasskeyCommand(
                HttpContext.Account().Subject,
                name,
                new PasskeyAnswer(new Secret(credential ?? ""), new Secret(state ?? ""))
            ),
            ct
        );
        return Notices.OnAccount(added.Error is null ? Notices.PasskeyAdded : Notices.PasskeyRefused);
    }
}
