using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OAuthMcp.Application.Authorize;

namespace OAuthMcp.Api.Pages;

/// <summary>Asks once more before an application is disconnected.</summary>
[SignedIn(Destinations.Connections)]
internal sealed class DisconnectModel(IMediator mediator) : PageModel
{
    public ConnectionView? Connection { get; private set; }

    public async Task<IActionResult> OnGetAsync([FromQuery(Name = "client")] string? clientId, CancellationToken ct)
    {
        Connection = (await mediator.Send(new GetConnectionsQuery(HttpContext.Visitor().Subject!), ct)).FirstOrDefault(known =>
            known.ClientId == clientId
        );
        return Connection is null ? new SeeOther("/connections") : Page();
    }

    public async Task<IActionResult> OnPostAsync([FromForm(Name = "client")] string? clientId, CancellationToken ct)
    {
        await mediator.Send(new DisconnectCommand(HttpContext.Visitor().Subject!, clientId ?? ""), ct);
        return new SeeOther($"/connections?notice={Notices.Disconnected}");
    }
}
