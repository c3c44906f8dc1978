using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OAuthMcp.Application.Clients;

namespace OAuthMcp.Api.Pages.Admin;

/// <summary>The stored clients, the newest first.</summary>
[SignedIn(Destinations.Admin, Fresh = true), AdministratorsOnly]
internal sealed class ClientsModel(IMediator mediator) : PageModel
{
    private const int Most = 200;

    public IReadOnlyList<ListedClient> Clients { get; private set; } = [];
    public bool HasMore { get; private set; }
    public (string Text, bool IsFailure)? Notice { get; private set; }

    public async Task<IActionResult> OnGetAsync([FromQuery] string? notice, CancellationToken ct)
    {
        if (!(await mediator.Send(new ListClientsQuery(), ct)).Try(out var listed, out var refusal))
            return AuthorizeSteps.Refusal(refusal);
        (Notice, Clients, HasMore) = (Notices.Of(notice), [.. listed.Clients.Reverse().Take(Most)], listed.Clients.Count > Most);
        return Page();
    }
}
