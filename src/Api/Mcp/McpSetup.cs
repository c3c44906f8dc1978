using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Http;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>The MCP server: what it is called, its tools, and the protected endpoint. A new tool is one class and one line here.</summary>
internal static class McpSetup
{
    private static readonly string[] Revisions = ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

    /// <summary>Every scope that the tools of this assembly and of the program declare, and the endpoint's own.</summary>
    public static readonly ScopeSet Scopes = new[] { typeof(McpSetup).Assembly, Assembly.GetEntryAssembly()! }
        .SelectMany(assembly => assembly.GetTypes())
        .SelectMany(type => type.GetMethods().Select(method => method.GetCustomAttribute<RequiresScopeAttribute>()))
        .Aggregate(ScopeSet.Of(ScopeSet.Read), (scopes, attribute) => attribute is null ? scopes : scopes.Union(attribute.Scope));

    public static IMcpServerBuilder AddTools(this IServiceCollection services) =>
        services
            .AddMcpServer(options =>
                options.ServerInfo = new Implementation
                {
                    Name = "OAuthMcp",
                    Title = "OAuthMcp",
                    Version = typeof(McpSetup).Assembly.GetName().Version!.ToString(3),
                }
            )
            .WithTools<MakeAuthenticatedRequestTool>()
            .WithTools<ShowAuthTokenTool>()
            .WithTools<WhoAmITool>()
            .WithRequestFilters(filters =>
                filters
                    .AddCallToolFilter(ToolScopes.RefuseCall)
                    .AddCallToolFilter(ToolArguments.RefuseUnfit)
                    .AddListToolsFilter(ToolScopes.ListWhatIsCovered)
            );

    public static IMcpServerBuilder AddMcpEndpoint(this IServiceCollection services, ServerSettings settings)
    {
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.SchemeName, null);
        return services
            .AddTools()
            .WithHttpTransport(options => options.SessionMode = settings.SessionMode)
            .WithMessageFilters(filters => filters.AddOutgoingFilter(AdvertiseEveryRevision));
    }

    public static void MapMcpEndpoint(this IEndpointRouteBuilder routes, ServerSettings settings) =>
        routes
            .MapMcp(ResourceIndicator.EndpointPath)
            .RequireCors(Cors.Mcp)
            .RequireAuthorization(new AuthorizationPolicyBuilder(BearerHandler.SchemeName).RequireAuthenticatedUser().Build())
            .WithMetadata(new BodyLimitAttribute(settings.Limits.McpBodyBytes), new TakesSecrets(), new LimitedInside());

    // The SDK answers server/discover with the stateless revision alone, although this endpoint serves them all.
    private static McpMessageHandler AdvertiseEveryRevision(McpMessageHandler next) =>
        (context, ct) =>
        {
            if (context.JsonRpcMessage is JsonRpcResponse { Result: JsonObject result } && result.ContainsKey("supportedVersions"))
                result["supportedVersions"] = new JsonArray([.. Revisions.Select(revision => JsonValue.Create(revision))]);
            return next(context, ct);
        };
}
