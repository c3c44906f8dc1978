using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Pages.Account;

/// <summary>Changes the password. This browser stays signed in; all others and all applications have to sign in again.</summary>
[SignedIn(Destinations.Account, Fresh = true)]
public sealed class PasswordModel(IMediator mediator, TimeProvider time) : PageModel
{
    public IActionResult OnGet() => new SeeOther("/account");

    public async Task<IActionResult> OnPostAsync([FromForm] string? current, [FromForm] string? password, CancellationToken ct)
    {
        var result = await mediator.Send(
            new ChangePasswordCommand(
                HttpContext.Account().UserName,
                Secret.OrNull(current),
                Secret.OrNull(password),
                await HttpContext.SignInSourceAsync()
            ),
            ct
        );
        if (result.Try(out var account, out var refusal))
        {
            await HttpContext.SignInAsync(account, time);
            return Notices.OnAccount(Notices.PasswordChanged);
        }

        return Notices.OnAccount(
            refusal switch
            {
                { RetryAfter: not null } => Notices.TooMany,
                { Code: "access_denied" } => Notices.PasswordWrong,
                { Description: ChangePasswordCommand.TooCommon } => Notices.PasswordCommon,
                _ => Notices.PasswordUnusable,
            }
        );
    }
}
