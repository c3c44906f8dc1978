using ModelContextProtocol.Protocol;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Mcp;
using OAuthMcp.Application;
using OAuthMcp.Application.Settings;
using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure;
using Serilog;

namespace OAuthMcp.Api.Hosting;

/// <summary>The same tools over standard input and output: no socket, no accounts, the token from the environment.</summary>
internal static class StdioServer
{
    private static readonly string[] SignInSections = ["Upstream", "Authority"];

    public static IHost Build(IReadOnlyDictionary<string, string?> overrides)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(overrides);
        if (SignInSections.FirstOrDefault(key => builder.Configuration.GetSection(key).Exists()) is { } unreachable)
            throw new ConfigurationException($"{unreachable} has no effect over stdio, where nobody signs in.");
        var options = builder.Configuration.Section<DownstreamOptions>("Downstream");
        if (options.Token != "Received")
            throw new ConfigurationException("Downstream:Token must be Received over stdio: there is no user but the one of API_KEY.");
        var downstream = ServerSettings.ReadDownstream(options.BaseAddress ?? "https://httpbin.org");
        builder.Services.AddSerilog(
            (services, logger) => logger.Configure(services, builder.Configuration, toStandardError: true),
            preserveStaticLogger: true
        );
        builder.Services.AddResourceServer().AddDownstreamTokens(DownstreamTokenSource.Received).AddDownstream(downstream);

        // Taken out of the environment, so that no child process inherits it.
        var apiKey = Secret.OrNull(Environment.GetEnvironmentVariable(StdioTokenContext.EnvironmentVariable));
        Environment.SetEnvironmentVariable(StdioTokenContext.EnvironmentVariable, null);
        builder.Services.AddSingleton<ITokenContext>(new StdioTokenContext(apiKey));
        builder.Services.AddTools(ToolAccess.Everything).WithStdioServerTransport();
        builder.Services.AddHostedService<EndOfInput>();
        return builder.Build();
    }

    /// <summary>Ends the server when its input ends. The SDK would wait for every call that still runs, and drop their answers.</summary>
    private sealed class EndOfInput(ITransport transport, IHostApplicationLifetime lifetime) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await transport.MessageReader.Completion.WaitAsync(stoppingToken);
            lifetime.StopApplication();
        }
    }
}
