using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace OAuthMcp.ConformanceHost;

/// <summary>Prompts: plain, with arguments, with each kind of content, and one that asks back.</summary>
[McpServerPromptType]
internal sealed class Prompts
{
    [McpServerPrompt(Name = "test_simple_prompt"), Description("Has no arguments.")]
    public static string Simple() => "This is a simple prompt for testing.";

    [McpServerPrompt(Name = "test_prompt_with_arguments"), Description("Repeats its arguments.")]
    public static string WithArguments([Description("The first.")] string arg1, [Description("The second.")] string arg2) =>
        $"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'";

    [McpServerPrompt(Name = "test_prompt_with_embedded_resource"), Description("Holds a resource.")]
    public static PromptMessage[] WithResource([Description("The resource's URI.")] string resourceUri) =>
        [
            FromUser(
                new EmbeddedResourceBlock
                {
                    Resource = new TextResourceContents
                    {
                        Uri = resourceUri,
                        MimeType = "text/plain",
                        Text = "Embedded resource content for testing.",
                    },
                }
            ),
            FromUser(new TextContentBlock { Text = "Please process the embedded resource above." }),
        ];

    [McpServerPrompt(Name = "test_prompt_with_image"), Description("Holds a picture.")]
    public static PromptMessage[] WithImage() =>
        [
            FromUser(ImageContentBlock.FromBytes(Samples.Png, "image/png")),
            FromUser(new TextContentBlock { Text = "Please analyze the image above." }),
        ];

    [McpServerPrompt(Name = "test_input_required_result_prompt"), Description("Asks for its context first.")]
    public static string WithQuestion(RequestContext<GetPromptRequestParams> prompt) =>
        InputTools.Answer(prompt.Params, "user_context") is not null
            ? "Use the given context."
            : throw InputTools.Require(("user_context", InputTools.Form("What context should the prompt use?", "context")));

    private static PromptMessage FromUser(ContentBlock content) => new() { Role = Role.User, Content = content };
}
