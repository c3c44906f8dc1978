using System.ComponentModel;
using MediatR;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>Says who is signed in.</summary>
[McpServerToolType]
internal sealed class WhoAmITool(IMediator mediator)
{
    [McpServerTool(
        Name = "who_am_i",
        Title = "Who am I",
        ReadOnly = true,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true,
        OutputSchemaType = typeof(Identity)
    )]
    [Description("Says who you are signed in as: subject, user name, client, issuer, audience, scopes and when the token expires.")]
    [RequiresScope(ScopeSet.Read)]
    public async Task<CallToolResult> CallAsync(CancellationToken ct) => (await mediator.Send(new WhoAmIQuery(), ct)).ToToolResult();
}
