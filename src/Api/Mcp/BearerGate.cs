using System.Security.Claims;
using MediatR;
using OAuthMcp.Api.Http;
using OAuthMcp.Application.Settings;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// The bearer check in front of /mcp (RFC 6750, RFC 9068 §4). Its challenge names the metadata (RFC 9728 §5.1). Whoever comes past it
/// has a <see cref="CallerIdentity"/>, without which nothing behind it serves anybody.
/// </summary>
internal sealed class BearerGate(RequestDelegate next, OAuthSettings settings)
{
    public async Task InvokeAsync(HttpContext http, IMediator mediator)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<RequiresToken>() is null)
            await next(http); // there is nothing, or not by this method
        else if (BearerHeader.Of(http.Request) is not { } token)
            await ChallengeAsync(http, null);
        else if (
            (await mediator.Send(new CheckAccessTokenQuery(token, Peer.Of(http)), http.RequestAborted)).Try(
                out var checkedToken,
                out var refusal
            )
        )
        {
            var (claims, userName) = checkedToken;
            http.Items[RequestLog.ClientId] = claims.ClientId;
            http.Items[RequestLog.Subject] = claims.Subject;
            var caller = new Caller(token)
            {
                Subject = claims.Subject,
                UserName = userName,
                ClientId = claims.ClientId,
                Issuer = claims.Issuer,
                Audience = claims.Audience,
                Scope = claims.Scope,
                ExpiresAt = claims.ExpiresAt,
                Peer = Peer.AddressOf(http),
                TraceId = http.TraceIdentifierOf(),
            };
            http.User = new ClaimsPrincipal(new CallerIdentity(caller));
            await next(http);
        }
        else
            await ChallengeAsync(http, refusal);
    }

    private Task ChallengeAsync(HttpContext http, OAuthError? refusal)
    {
        // After a failure of this server another token would not help.
        if (refusal is null or { Code: "invalid_token" })
            http.Response.Headers.WWWAuthenticate = Challenge(settings, settings.DefaultScopes, refusal);
        return refusal is null
            ? OAuthResults
                .Error(new OAuthError("unauthorized", "An access token is required."), StatusCodes.Status401Unauthorized)
                .ExecuteAsync(http)
            : OAuthResults.Error(refusal).ExecuteAsync(http);
    }

    /// <summary>A Bearer challenge: without <c>error</c> when no token came (RFC 6750 §3.1).</summary>
    public static string Challenge(OAuthSettings settings, ScopeSet scope, OAuthError? error)
    {
        var asked = settings.Authority?.Spell(scope) ?? scope;
        var metadata = $"resource_metadata=\"{settings.Issuer}/.well-known/oauth-protected-resource/mcp\", scope=\"{asked}\"";
        return error is null
            ? $"Bearer {metadata}"
            : $"Bearer error=\"{error.Code}\", error_description=\"{error.Description}\", {metadata}";
    }
}
