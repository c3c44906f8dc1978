using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using OAuthMcp.Api.Http;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Domain.Authorize;

namespace OAuthMcp.Api.Pages;

/// <summary>Sends the user to a provider: after a request was allowed (GET), or by the button of a provider (POST).</summary>
[EnableRateLimiting(PeerLimits.SignIn), ActsOnGet]
internal sealed class UpstreamSignInModel(IMediator mediator) : PageModel
{
    public Task<IActionResult> OnGetAsync([FromQuery(Name = "request")] string? requestId, CancellationToken ct) =>
        StartAsync(null, requestId ?? "", null, link: false, ct);

    public Task<IActionResult> OnPostAsync(
        [FromForm] string? provider,
        [FromForm(Name = "request")] string? requestId,
        [FromForm] string? then,
        [FromForm] string? link,
        CancellationToken ct
    ) => StartAsync(provider, requestId, link is null ? Destinations.Known(then) : Destinations.Connections, link is not null, ct);

    private async Task<IActionResult> StartAsync(string? provider, string? requestId, string? then, bool link, CancellationToken ct)
    {
        var binding = HttpContext.NewUpstreamBinding();
        var step = await mediator.Send(
            new StartUpstreamSignInCommand(
                provider,
                requestId,
                then,
                link,
                HttpContext.Visitor(),
                binding.Hash,
                HttpContext.IsAskedAgain()
            ),
            ct
        );
        if (step is AuthorizeStep.Provider)
            binding.Append();
        return step.ToResult();
    }
}
