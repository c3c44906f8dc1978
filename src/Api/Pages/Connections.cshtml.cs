using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OAuthMcp.Application.Authorize;

namespace OAuthMcp.Api.Pages;

/// <summary>What a user has let in, and the way out.</summary>
[SignedIn(Destinations.Connections)]
public sealed class ConnectionsModel(IMediator mediator) : PageModel
{
    public IReadOnlyList<ConnectionView> Connections { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct) => Connections = await mediator.Send(new GetConnectionsQuery(HttpContext.Visitor().Subject!), ct);

    public async Task<IActionResult> OnPostAsync([FromForm(Name = "client")] string? clientId, CancellationToken ct)
    {
        await mediator.Send(new DisconnectCommand(HttpContext.Visitor().Subject!, clientId ?? ""), ct);
        return new SeeOther("/connections");
    }
}
