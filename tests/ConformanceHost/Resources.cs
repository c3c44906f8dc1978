using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace OAuthMcp.ConformanceHost;

/// <summary>Resources: text, binary, by template, and one to watch.</summary>
[McpServerResourceType]
internal sealed class Resources
{
    [McpServerResource(UriTemplate = "test://static-text", Name = "Static text", MimeType = "text/plain"), Description("A text.")]
    public static string Text() => "This is the content of the static text resource.";

    [McpServerResource(UriTemplate = "test://static-binary", Name = "Static picture", MimeType = "image/png"), Description("A picture.")]
    public static BlobResourceContents Binary() => BlobResourceContents.FromBytes(Samples.Png, "test://static-binary", "image/png");

    [
        McpServerResource(UriTemplate = "test://template/{id}/data", Name = "Data by id", MimeType = "application/json"),
        Description("The data of an id.")
    ]
    public static string ById([Description("The id.")] string id) =>
        $$"""{"id":"{{id}}","templateTest":true,"data":"Data for ID: {{id}}"}""";

    [
        McpServerResource(UriTemplate = "test://watched-resource", Name = "Watched", MimeType = "text/plain"),
        Description("One to subscribe to.")
    ]
    public static string Watched() => "Watched resource content.";
}
