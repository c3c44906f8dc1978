using MediatR;
using OAuthMcp.Api.Http;
using OAuthMcp.Application.Authorize;

namespace OAuthMcp.Api.Pages;

/// <summary>GET /authorize (RFC 6749 §3.1).</summary>
internal static class AuthorizeEndpoint
{
    public static async Task<IResult> GetAsync(HttpContext http, IMediator mediator, CancellationToken ct)
    {
        var query = http.Request.Query;
        string? One(string name) => query[name] is [{ Length: > 0 } value, ..] ? value : null;
        http.Wish(One("ui_locales"));
        var repeated = query
            .Where(parameter => parameter.Value.Count > 1)
            .Select(parameter => parameter.Key.ToLowerInvariant())
            .Where(name => name != "resource")
            .ToList();

        var step = await mediator.Send(
            new StartAuthorizationCommand(
                One("client_id"),
                One("redirect_uri"),
                One("response_type"),
                One("scope"),
                RawState.Of(http.Request.QueryString.Value),
                One("code_challenge"),
                One("code_challenge_method"),
                [.. query["resource"].Where(resource => !string.IsNullOrEmpty(resource)).Select(resource => resource!)],
                One("prompt"),
                NameOf(repeated),
                http.Visitor() with
                {
                    Browser = http.BindBrowser(),
                },
                http.Request.Headers["Sec-Fetch-Site"]
            )
            {
                RequestObject = One("request"),
                RequestUri = One("request_uri"),
                ResponseMode = One("response_mode"),
                Peer = Peer.Of(http),
            },
            ct
        );
        return step.ToResult(isApplications: true);
    }

    // Of several, client_id and redirect_uri come first, since they decide where an error may go. Only known names are repeated to
    // the user.
    private static string? NameOf(List<string> repeated) =>
        repeated.Find(name => name is "client_id" or "redirect_uri")
        ?? repeated.FirstOrDefault() switch
        {
            null => null,
            "response_type"
            or "scope"
            or "state"
            or "code_challenge"
            or "code_challenge_method"
            or "prompt"
            or "response_mode"
            or "ui_locales" => repeated[0],
            _ => "A parameter",
        };
}
