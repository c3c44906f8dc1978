using OAuthMcp.Api.Commands;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Hosting;
using OAuthMcp.Api.Mcp;

namespace OAuthMcp.Api;

/// <summary>The server in a program of one's own, which behaves as this program does.</summary>
public static class OwnProgram
{
    /// <summary>
    /// Adds all but the tools, which are chained to the result: address, log, telemetry and services, by the builder's configuration.
    /// </summary>
    /// <exception cref="ConfigurationException">The configuration cannot be started on.</exception>
    /// <exception cref="InvalidOperationException">It was added before.</exception>
    public static IMcpServerBuilder AddOAuthMcp(this WebApplicationBuilder builder) => builder.AddServer();

    /// <summary>Adds the tools of this program: who am I, my token (masked), and a request to the API behind.</summary>
    public static IMcpServerBuilder WithDemonstrationTools(this IMcpServerBuilder server) => server.WithOwnTools();

    /// <summary>
    /// Runs the verb that the arguments begin with, such as <c>users add alice</c>, or serves until told to stop, where they begin with an
    /// option or there are none.
    /// </summary>
    /// <returns>The exit code: 0, or 1 after one sentence on standard error.</returns>
    public static Task<int> RunOAuthMcpAsync(this WebApplication app, string[] args) => CommandLine.RunAsync(args, app);
}
