using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace OAuthMcp.ConformanceHost;

/// <summary>What a tool can return: each kind of content, an error, progress on the way.</summary>
[McpServerToolType]
internal sealed class ContentTools
{
    [McpServerTool(Name = "test_simple_text"), Description("Returns text.")]
    public static string Text() => "This is a simple text response for testing.";

    [McpServerTool(Name = "test_image_content"), Description("Returns a picture.")]
    public static ImageContentBlock Image() => ImageContentBlock.FromBytes(Samples.Png, "image/png");

    [McpServerTool(Name = "test_audio_content"), Description("Returns a sound.")]
    public static AudioContentBlock Audio() => AudioContentBlock.FromBytes(Samples.Wav, "audio/wav");

    [McpServerTool(Name = "test_embedded_resource"), Description("Returns a resource.")]
    public static EmbeddedResourceBlock Resource() =>
        new()
        {
            Resource = new TextResourceContents
            {
                Uri = "test://embedded-resource",
                MimeType = "text/plain",
                Text = "This is an embedded resource content.",
            },
        };

    [McpServerTool(Name = "test_multiple_content_types"), Description("Returns text, a picture and a resource.")]
    public static ContentBlock[] Mixed() =>
        [
            new TextContentBlock { Text = "Multiple content types test:" },
            Image(),
            new EmbeddedResourceBlock
            {
                Resource = new TextResourceContents
                {
                    Uri = "test://mixed-content-resource",
                    MimeType = "application/json",
                    Text = """{"test":"data","value":123}""",
                },
            },
        ];

    [McpServerTool(Name = "test_error_handling"), Description("Fails.")]
    public static string Fail() => throw new McpException("This tool intentionally returns an error for testing");

    [McpServerTool(Name = "test_tool_with_progress"), Description("Reports progress three times.")]
    public static async Task<string> ReportAsync(RequestContext<CallToolRequestParams> call, CancellationToken ct)
    {
        if (call.Params.ProgressToken is not { } token)
            return "Nobody asked for progress.";
        foreach (var progress in new[] { 0, 50, 100 })
            await call.Server.NotifyProgressAsync(
                token,
                new ProgressNotificationValue { Progress = progress, Total = 100 },
                cancellationToken: ct
            );
        return "Reported.";
    }

    [McpServerTool(Name = "test_header_tool"), Description("Takes an argument that comes in a header too (SEP-2243).")]
    public static string Query([McpHeader("Region"), Description("Where.")] string region, [Description("What.")] string query) =>
        $"{query} in {region}";
}
