using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using OAuthMcp.Api.Configuration;

namespace OAuthMcp.Api.Mcp;

/// <summary>Whether a program has said what its tools require and call: checked once they are all there.</summary>
internal static class Completeness
{
    /// <exception cref="ConfigurationException">There is nothing to serve, or a tool and what is said of scopes do not fit.</exception>
    public static void ThrowIfIncomplete(IServiceProvider services)
    {
        var tools = services.GetServices<McpServerTool>().ToList();
        var settings = services.GetRequiredService<ServerSettings>();
        var handlers = services.GetRequiredService<IOptions<McpServerOptions>>().Value.Handlers;
        var faults = new FoundFaults();
        faults.Check(
            tools.Count > 0
                || services.GetServices<McpServerPrompt>().Any()
                || services.GetServices<McpServerResource>().Any()
                || handlers is not { ListToolsHandler: null, ListPromptsHandler: null, ListResourcesHandler: null },
            "This server has no tool: chain .WithTools<MyTools>() to AddOAuthMcp()."
        );
        faults.Check(
            !settings.RequiresDeclaredScopes || handlers.ListToolsHandler is null,
            "Mcp:RequireDeclaredScopes is on, and the tools that a ListToolsHandler lists cannot declare any."
        );
        if (settings.RequiresDeclaredScopes)
            foreach (var tool in tools.Where(tool => !tool.Metadata.OfType<RequiresScopeAttribute>().Any()))
                faults.Check(
                    false,
                    $"Mcp:RequireDeclaredScopes is on, and the tool {tool.ProtocolTool.Name} declares none: "
                        + "put [RequiresScope(\"...\")] on its method."
                );
        var known = ToolScopes.OfAll(tools);
        foreach (var scope in services.GetServices<DeclaredScope>())
            faults.Check(known.Contains(scope.Name), $"AddScope({scope.Name}) names a scope that no tool requires; they require {known}.");
        faults.Check(
            settings.Downstream.IsConfigured || !services.GetServices<ApiClient>().Any(),
            "Downstream:BaseAddress is missing: it names the API that the tools of this program call."
        );
        faults.ThrowIfAny();
    }
}
