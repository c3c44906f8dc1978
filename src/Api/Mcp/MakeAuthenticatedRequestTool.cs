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
    public const string Name = "make_authenticated_request";

    [McpServerTool(
        Name = Name,
        Title = "Make an authenticated request",
        ReadOnly = true,
        OpenWorld = true,
        UseStructuredContent = true,
        OutputSchemaType = typeof(Anything)
    )]
    [Description(
        "Calls the API behind this server with your access token and returns what arrived there: "
            + "method, URL, arguments and headers, the token masked."
    )]
    [RequiresScope(ScopeSet.Write)]
    public async Task<CallToolResult> CallAsync(
        [Description("A text that the API echoes, 4096 characters at most.")] string message,
        RequestContext<CallToolRequestParams> call,
        CancellationToken ct
    ) => (await mediator.Send(new MakeAuthenticatedRequestCommand(message), ct)).ToToolResult(call);
}
