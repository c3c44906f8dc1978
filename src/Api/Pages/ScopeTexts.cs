using System.Globalization;
using System.Resources;
using ModelContextProtocol.Server;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Mcp;

namespace OAuthMcp.Api.Pages;

/// <summary>
/// What a scope means: the sentence of the operator (<c>Mcp:Scopes</c>), of the program (<c>AddScope</c>), of a tool that needs it or of
/// the texts (<c>Scope_</c> and its name), in this order, and otherwise what its tools say of themselves.
/// </summary>
internal sealed class ScopeTexts(IEnumerable<McpServerTool> tools, IEnumerable<DeclaredScope> declared, ServerSettings settings)
{
    private static readonly ResourceManager Resources = Texts.ResourceManager;

    private readonly ILookup<string, McpServerTool> users = tools
        .OrderBy(tool => tool.ProtocolTool.Name, StringComparer.Ordinal)
        .SelectMany(tool => ToolScopes.Of(tool).Select(scope => (scope, tool)))
        .ToLookup(pair => pair.scope, pair => pair.tool, StringComparer.Ordinal);

    public ScopeText Of(string scope)
    {
        var own = users[scope].ToList();
        var said = declared.FirstOrDefault(one => one.Name == scope);
        var risk = said?.Risk switch
        {
            ScopeRisk.Reads => null,
            ScopeRisk.Writes => Texts.Scopes_Writes,
            ScopeRisk.Destroys => Texts.Scopes_Destroys,
            _ => RiskOf(own),
        };
        var sentence = settings.ScopeSentences.GetValueOrDefault(scope)
            ?? said?.Sentence
            ?? own.Select(SentenceOf).FirstOrDefault(sentence => sentence is not null)
            ?? Resources.GetString($"Scope_{scope}", CultureInfo.CurrentUICulture);
        return sentence is not null || own.Count == 0
            ? new ScopeText(sentence ?? Texts.Scopes_Other, [], risk)
            : new ScopeText(
                string.Join("; ", own.Select(TitleOf)),
                [.. own.Select(tool => tool.ProtocolTool.Description).OfType<string>().Where(text => text.Length > 0)],
                risk
            );
    }

    private static string? RiskOf(List<McpServerTool> tools) =>
        tools.Any(tool => tool.ProtocolTool.Annotations?.DestructiveHint == true) ? Texts.Scopes_Destroys
        : tools.Any(tool => tool.ProtocolTool.Annotations is { ReadOnlyHint: not true }) ? Texts.Scopes_Writes
        : null;

    private static string? SentenceOf(McpServerTool tool) => tool.Metadata.OfType<RequiresScopeAttribute>().FirstOrDefault()?.Sentence;

    private static string TitleOf(McpServerTool tool) =>
        tool.ProtocolTool.Title ?? tool.ProtocolTool.Annotations?.Title ?? tool.ProtocolTool.Name;
}
