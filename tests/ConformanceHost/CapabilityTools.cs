using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace OAuthMcp.ConformanceHost;

/// <summary>Tools that try what a client without a session did not allow (revision 2026-07-28, SEP-2575).</summary>
[McpServerToolType]
internal sealed class CapabilityTools
{
    [McpServerTool(Name = "test_missing_capability"), Description("Needs a client that can sample.")]
    public static string NeedSampling(RequestContext<CallToolRequestParams> call) =>
        call.Server.ClientCapabilities?.Sampling is not null
            ? "This client can sample."
            : throw new MissingRequiredClientCapabilityException(
                new ClientCapabilities { Sampling = new() },
                "The client did not say that it can sample."
            );

    [McpServerTool(Name = "test_streaming_elicitation"), Description("Asks in its result, and never by a request on the stream.")]
    public static string AskInTheResult(RequestContext<CallToolRequestParams> call) =>
        InputTools.Answer(call.Params, "answer") is not null
            ? "Answered."
            : throw InputTools.Require(("answer", InputTools.Form("Please answer.", "answer")));

    [McpServerTool(Name = "test_logging_tool"), Description("Logs to the client, which hears it only when it asked for a level.")]
    public static string Log(RequestContext<CallToolRequestParams> call)
    {
        var logger = call.Server.AsClientLoggerProvider().CreateLogger("conformance");
        logger.Log(LogLevel.Information, "Logged");
        return "Logged.";
    }
}
