using System.ComponentModel;
using MediatR;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>Shows which token the tools work with.</summary>
[McpServerToolType]
internal sealed class ShowAuthTokenTool(IMediator mediator)
{
    [McpServerTool(
        Name = "show_auth_token",
        Title = "Show the token",
        ReadOnly = true,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true,
        OutputSchemaType = typeof(MaskedToken)
    )]
    [Description("Shows the access token that your tools work with, masked to its first and last four characters.")]
    [RequiresScope(ScopeSet.Read)]
    public async Task<CallToolResult> CallAsync(CancellationToken ct) => (await mediator.Send(new ShowAuthTokenQuery(), ct)).ToToolResult();
}
