using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OAuthMcp.Application.Accounts;

namespace OAuthMcp.Api.Pages.Admin;

/// <summary>The accounts.</summary>
[SignedIn(Destinations.Admin, Fresh = true), AdministratorsOnly]
internal sealed class IndexModel(IMediator mediator) : PageModel
{
    /// <summary>As many as a person reads; any other is found by its name.</summary>
    private const int Most = 200;

    public IReadOnlyList<ListedAccount> Accounts { get; private set; } = [];
    public bool HasMore { get; private set; }
    public (string Text, bool IsFailure)? Notice { get; private set; }

    public async Task<IActionResult> OnGetAsync([FromQuery] string? notice, CancellationToken ct)
    {
        if (!(await mediator.Send(new ListAccountsQuery(), ct)).Try(out var listed, out var refusal))
            return AuthorizeSteps.Refusal(refusal);
        (Notice, Accounts, HasMore) = (Notices.Of(notice), [.. listed.Accounts.Take(Most)], listed.Accounts.Count > Most);
        return Page();
    }
}
