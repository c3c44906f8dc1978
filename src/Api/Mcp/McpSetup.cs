using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Http;
using OAuthMcp.Application.Settings;
using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>The MCP server: its name, its tools, and the protected endpoint. A new tool is one class and one line here.</summary>
internal static class McpSetup
{
    /// <summary>The tools of this program.</summary>
    public static IMcpServerBuilder WithOwnTools(this IMcpServerBuilder server) =>
        server.WithTools<MakeAuthenticatedRequestTool>().WithTools<ShowAuthTokenTool>().WithTools<WhoAmITool>();

    /// <summary>A server without tools, which checks and counts those that it gets.</summary>
    /// <param name="title">What people call it.</param>
    /// <param name="instructions">What a model reads of how to use it; null for nothing.</param>
    public static IMcpServerBuilder AddProtectedServer(
        this IServiceCollection services,
        ToolAccess access,
        string title,
        string? instructions
    ) =>
        services
            .PostConfigure<McpServerOptions>(PortableSchemas.Apply)
            .AddMcpServer(options =>
                (options.ServerInfo, options.ServerInstructions) = (
                    new Implementation
                    {
                        Name = Brand.Product,
                        Title = title,
                        Version = typeof(McpSetup).Assembly.GetName().Version!.ToString(3),
                    },
                    instructions
                )
            )
            .WithRequestFilters(filters =>
                filters
                    .AddCallToolFilter(CountedCalls.Count)
                    .AddCallToolFilter(AuditedCalls.Note)
                    .AddCallToolFilter(ToolScopes.CheckCall(access))
                    .AddCallToolFilter(ToolArguments.CheckFit)
                    .AddCallToolFilter(ToolTokens.ExplainMissing)
                    .AddListToolsFilter(ToolScopes.ListWhatIsCovered(access))
                    .AddListToolsFilter(Negotiation.CheckCursor<ListToolsRequestParams, ListToolsResult>(own => own.ListToolsHandler))
                    .AddListPromptsFilter(
                        Negotiation.CheckCursor<ListPromptsRequestParams, ListPromptsResult>(own => own.ListPromptsHandler)
                    )
                    .AddListResourcesFilter(
                        Negotiation.CheckCursor<ListResourcesRequestParams, ListResourcesResult>(own => own.ListResourcesHandler)
                    )
                    .AddListResourceTemplatesFilter(
                        Negotiation.CheckCursor<ListResourceTemplatesRequestParams, ListResourceTemplatesResult>(own =>
                            own.ListResourceTemplatesHandler
                        )
                    )
            )
            .WithMessageFilters(filters => filters.AddIncomingFilter(Negotiation.CounterNewer));

    public static IMcpServerBuilder AddMcpEndpoint(this IServiceCollection services, ServerSettings settings)
    {
        services
            .AddSingleton<ITokenContext, HttpTokenContext>()
            .AddSingleton<ApiBehind>()
            .AddSingleton<McpSessions>()
            .AddSingleton<IOpenSessions>(provider => provider.GetRequiredService<McpSessions>())
            .AddSingleton<RequestWatch>()
            .AddHostedService(provider => provider.GetRequiredService<RequestWatch>())
            .AddSingleton<AbandonedCalls>();
        services.PostConfigure<McpServerOptions>(options => Show(options.ServerInfo, settings));
        services.AddSingleton<OptionsFactory<McpServerOptions>>();
        services.AddSingleton<IOptionsFactory<McpServerOptions>, SharedServerOptions>();
        return services
            .AddProtectedServer(ToolAccess.ByToken, settings.OAuth.Brand.Name, settings.Instructions)
            .WithHttpTransport(options => Configure(options, settings.SessionMode))
            .WithMessageFilters(filters =>
                filters
                    .AddIncomingFilter(HttpTokenContext.HandleForCaller)
                    .AddIncomingFilter(SessionRequests.RefuseCancelled)
                    .AddOutgoingFilter(Negotiation.AdvertiseEveryRevision)
                    .AddOutgoingFilter(SessionRequests.SendOnStream)
            );
    }

    /// <summary>Where there is a database for it.</summary>
    public static void AddSessionMigration(this IServiceCollection services) =>
#pragma warning disable MCP9006 // the sessions of the older revisions, which are served
        services.AddSingleton<ISessionMigrationHandler, SessionMigration>();
#pragma warning restore MCP9006

    public static void MapMcpEndpoint(this IEndpointRouteBuilder routes, ServerSettings settings) =>
        routes
            .MapMcp(ResourceIndicator.EndpointPath)
            .RequireCors(Cors.Mcp)
            .WithMetadata(
                new RequiresToken(),
                new BodyLimitAttribute(settings.Limits.McpBodyBytes),
                new TakesSecrets(),
                new LimitedInside()
            );

    /// <summary>Points a client that calls the address of the server to /mcp, in a form that clients of MCP show.</summary>
    public static void MapWrongAddress(this IEndpointRouteBuilder routes, ServerSettings settings) =>
        routes
            .MapPost("/", async http =>
            {
                var message = http.Request.HasJsonContentType() ? await MessageEnvelope.OfAsync(http) : MessageEnvelope.Unreadable;
                var says = $"There is no MCP server at this address: connect to {settings.OAuth.Resource.Canonical} instead.";
                await http.AnswerAsync(StatusCodes.Status404NotFound, RpcErrors.InvalidRequest, says, message.Id);
            })
            .RequireCors(Cors.Public)
            .RequireRateLimiting(PeerLimits.Page)
            .WithMetadata(new BodyLimitAttribute(settings.Limits.OAuthBodyBytes))
            .WithOrder(-1); // before the page, which takes any method

    /// <summary>All checks of a request at /mcp, and the endpoint itself: nothing else of the pipeline concerns it.</summary>
    public static void UseMcp(this IApplicationBuilder app) =>
        app.UseMiddleware<BearerGate>()
            .UseSessionCheck()
            .UseContentTypeCheck()
            .UseMiddleware<LastingRequests>()
            .UseMiddleware<MessageGate>()
            .UseMiddleware<ScopeGate>()
            .UseMiddleware<SessionRequests>()
            .UseEndpoints(_ => { });

    // What a client can show of this server beside its title, each of it an address of this server.
    private static void Show(Implementation? server, ServerSettings settings)
    {
        if (server is null)
            return;
        if (settings.OAuth.Authority is null)
            server.WebsiteUrl ??= settings.OAuth.Issuer + "/";
        if (settings.Look.Logo is { } logo)
            server.Icons ??= [new Icon { Source = settings.OAuth.Issuer + logo.Path, MimeType = logo.ContentType }];
    }

    private static void Configure(HttpServerTransportOptions options, HttpServerSessionMode mode)
    {
        options.SessionMode = mode;
#pragma warning disable MCP9006, MCPEXP002 // the sessions of the older revisions, which are served
        // The SDK does not see the streams of this server, so a session that only listens looks idle to it.
        options.IdleTimeout = TimeSpan.FromDays(1);
        options.RunSessionHandler = (http, server, closed) =>
            http.RequestServices.GetRequiredService<McpSessions>().RunAsync(http, server, closed);
#pragma warning restore MCP9006, MCPEXP002
    }
}
