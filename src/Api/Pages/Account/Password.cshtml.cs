using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OAuthMcp.Api.Http;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Pages.Account;

/// <summary>Changes the password. This browser stays signed in; all others and all applications have to sign in again.</summary>
[SignedIn(Destinations.Account, Fresh = true), BodyLimit(BodyLimitAttribute.OfPasskeys)]
internal sealed class PasswordModel(IMediator mediator, TimeProvider time) : PageModel
{
    public IActionResult OnGet() => new SeeOther("/account");

    public async Task<IActionResult> OnPostAsync(
        [FromForm] string? current,
        [FromForm] string? password,
        [FromForm] string[]? remove,
        CancellationToken ct
    )
    {
        var result = await mediator.Send(
            new ChangePasswordCommand(
                HttpContext.Account().UserName,
                Secret.OrNull(current),
                Secret.OrNull(password),
                await HttpContext.SignInSourceAsync(),
                remove
            ),
            ct
        );
        if (result.Try(out var replaced, out var refusal))
        {
            await HttpContext.SignInAsync(replaced.Account, time);
            return Notices.OnAccount(replaced.PasskeysRemoved > 0 ? Notices.PasswordChangedPasskeysRemoved : Notices.PasswordChanged);
        }

        return Notices.OnAccount(
            refusal switch
            {
                { RetryAfter: not null } => Notices.TooMany,
                { Code: "access_denied" } => Notices.PasswordWrong,
                { Description: ChangePasswordCommand.TooCommon } => Notices.PasswordCommon,
                { Description: ChangePasswordCommand.OnlyNames } => Notices.PasswordOfNames,
                _ => Notices.PasswordUnusable,
            }
        );
    }
}
