using System.Security.Claims;
using System.Text.Encodings.Web;
using MediatR;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using OAuthMcp.Api.Http;
using OAuthMcp.Application.Settings;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>The bearer check in front of /mcp (RFC 6750, RFC 9068 §4). Its challenge names the metadata (RFC 9728 §5.1).</summary>
internal sealed class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory log,
    UrlEncoder encoder,
    IMediator mediator,
    OAuthSettings settings
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    public const string SchemeName = "Bearer";
    private OAuthError? refusal;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (BearerHeader.Of(Request) is not { } token)
            return AuthenticateResult.NoResult();

        if (
            !(await mediator.Send(new CheckAccessTokenQuery(token, Peer.Of(Context)), Context.RequestAborted)).Try(
                out var checkedToken,
                out refusal
            )
        )
            return AuthenticateResult.Fail(refusal.Description);
        var (claims, userName) = checkedToken;
        Context.Items[RequestLog.ClientId] = claims.ClientId;
        Context.Items[RequestLog.Subject] = claims.Subject;
        var caller = new Caller(token)
        {
            Subject = claims.Subject,
            UserName = userName,
            ClientId = claims.ClientId,
            Issuer = claims.Issuer,
            Audience = claims.Audience,
            Scope = claims.Scope,
            ExpiresAt = claims.ExpiresAt,
        };
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new CallerIdentity(caller)), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        // After a failure of this server another token would not help.
        if (refusal is null or { Code: "invalid_token" })
            Response.Headers.WWWAuthenticate = Challenge(settings, settings.DefaultScopes, refusal);
        return refusal is null
            ? OAuthResults
                .Error(new OAuthError("unauthorized", "An access token is required."), StatusCodes.Status401Unauthorized)
                .ExecuteAsync(Context)
            : OAuthResults.Error(refusal).ExecuteAsync(Context);
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
