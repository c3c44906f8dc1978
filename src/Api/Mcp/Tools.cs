using System.ComponentModel;
using MediatR;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>Calls the API behind with the caller's token.</summary>
[McpServerToolType]
internal sealed class MakeAuthenticatedRequestTool(IMediator mediator)
{
    [McpServerTool(Name = "make_authenticated_request", Title = "Make an authenticated request", ReadOnly = true, OpenWorld = true, UseStructuredContent = true, OutputSchemaType = typeof(Anything))]
    [Description("Calls the API behind this server with your access token and returns what arrived there: method, URL, arguments and headers, the token masked.")]
    [RequiresScope(ScopeSet.Write)]
    public async Task<CallToolResult> CallAsync([Description("A text that the API echoes, 4096 characters at most.")] string message, RequestContext<CallToolRequestParams> call, CancellationToken ct) =>
        (await mediator.Send(new MakeAuthenticatedRequestCommand(message), ct)).ToToolResult(call);
}

/// <summary>Shows which token the tools work with.</summary>
[McpServerToolType]
internal sealed class ShowAuthTokenTool(IMediator mediator)
{
    [McpServerTool(Name = "show_auth_token", Title = "Show the token", ReadOnly = true, Idempotent = true, OpenWorld = false, UseStructuredContent = true, OutputSchemaType = typeof(MaskedToken))]
    [Description("Shows the access token that your tools work with, masked to its first and last four characters.")]
    [RequiresScope(ScopeSet.Read)]
    public async Task<CallToolResult> CallAsync(CancellationToken ct) => (await mediator.Send(new ShowAuthTokenQuery(), ct)).ToToolResult();
}

/// <summary>Says who is signed in.</summary>
[McpServerToolType]
internal sealed class WhoAmITool(IMediator mediator)
{
    [McpServerTool(Name = "who_am_i", Title = "Who am I", ReadOnly = true, Idempotent = true, OpenWorld = false, UseStructuredContent = true, OutputSchemaType = typeof(Identity))]
    [Description("Says who you are signed in as: subject, user name, client, issuer, audience, scopes and when the token expires.")]
    [RequiresScope(ScopeSet.Read)]
    public async Task<CallToolResult> CallAsync(CancellationToken ct) => (await mediator.Send(new WhoAmIQuery(), ct)).ToToolResult();
}
