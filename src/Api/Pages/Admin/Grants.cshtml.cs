using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OAuthMcp.Application.Tokens;

namespace OAuthMcp.Api.Pages.Admin;

/// <summary>What users allow applications at the moment, the newest first.</summary>
[SignedIn(Destinations.Admin, Fresh = true), AdministratorsOnly]
internal sealed class GrantsModel(IMediator mediator) : PageModel
{
    private const int Most = 200;

    [FromQuery(Name = "user")]
    public string? UserName { get; set; }

    [FromQuery(Name = "client")]
    public string? ClientId { get; set; }

    public IReadOnlyList<ListedGrant> Grants { get; private set; } = [];
    public bool HasMore { get; private set; }
    public (string Text, bool IsFailure)? Notice { get; private set; }

    public async Task OnGetAsync([FromQuery] string? notice, CancellationToken ct)
    {
        Notice = Notices.Of(notice);
        if ((await mediator.Send(new ListGrantsQuery(UserName, ClientId), ct)).Try(out var listed, out _))
            (Grants, HasMore) = ([.. listed.Grants.Take(Most)], listed.HasMore || listed.Grants.Count > Most);
        else
            Notice = Notices.Of(Notices.NoSuchUser);
    }
}
