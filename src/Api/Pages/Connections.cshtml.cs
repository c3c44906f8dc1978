using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Api.Pages;

/// <summary>The applications that a user has let in, and how to disconnect them.</summary>
[SignedIn(Destinations.Connections)]
internal sealed class ConnectionsModel(IMediator mediator, TimeProvider time) : PageModel
{
    public IReadOnlyList<ConnectionView> Connections { get; private set; } = [];

    public IReadOnlyList<(UpstreamProvider Provider, LinkedAccount? Linked)> Accounts { get; private set; } = [];

    public (string Text, bool IsFailure)? Notice { get; private set; }

    public async Task OnGetAsync([FromQuery] string? notice, CancellationToken ct)
    {
        Notice = Notices.Of(notice);
        Connections = await mediator.Send(new GetConnectionsQuery(HttpContext.Visitor().Subject!), ct);
        Accounts = (await mediator.Send(new GetLinkedAccountsQuery(HttpContext.Visitor().Subject!), ct)).All;
    }

    public async Task<IActionResult> OnPostUnlinkAsync([FromForm] string? provider, CancellationToken ct)
    {
        if (!HttpContext.HasJustBegun(time.GetUtcNow()))
            return new SeeOther(SignInSteps.Password(null, Destinations.Connections));
        return (await mediator.Send(new UnlinkAccountCommand(HttpContext.Visitor().Subject!, provider), ct)).Error is { } refusal
            ? AuthorizeSteps.Refusal(refusal)
            : new SeeOther("/connections");
    }
}
