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
    /// <remarks>Where the configuration cannot be started on, <see cref="RunOAuthMcpAsync"/> says so in one sentence.</remarks>
    /// <exception cref="InvalidOperationException">It was added before.</exception>
    public static IMcpServerBuilder AddOAuthMcp(this WebApplicationBuilder builder)
    {
        var fault = new StartFault();
        IMcpServerBuilder? server = null;
        fault.Catch(() => server = builder.AddServer());
        builder.Services.AddSingleton(fault);
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(fault)); // before anything starts
        if (server is not null)
            return server;
        // Nothing of it is there, so what is built on it must not be looked for either.
        builder.Host.UseDefaultServiceProvider(provider => provider.ValidateOnBuild = provider.ValidateScopes = false);
        return builder.Services.AddMcpServer();
    }

    /// <summary>
    /// Says what people allow with a scope, such as "Delete repositories", and marks what it can do. <c>Mcp:Scopes</c> of the operator
    /// is read before it, the sentence of an attribute after it.
    /// </summary>
    /// <param name="sentence">200 characters at most.</param>
    /// <exception cref="ArgumentException">The sentence is empty or longer, or the scope has one.</exception>
    public static IMcpServerBuilder AddScope(
        this IMcpServerBuilder server,
        string name,
        string sentence,
        ScopeRisk risk = ScopeRisk.OfTools
    )
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (string.IsNullOrWhiteSpace(sentence) || sentence.Length > ScopeSentence.MaxLength)
            throw new ArgumentException($"The sentence of {name} must have 1 to {ScopeSentence.MaxLength} characters.", nameof(sentence));
        if (server.Services.Any(service => service.ImplementationInstance is DeclaredScope other && other.Name == name))
            throw new ArgumentException($"The scope {name} has a sentence.", nameof(name));
        server.Services.AddSingleton(new DeclaredScope(name, sentence, risk));
        return server;
    }

    /// <summary>Adds the tools of this program: who am I, my token (masked), and a request to the API behind.</summary>
    public static IMcpServerBuilder WithDemonstrationTools(this IMcpServerBuilder server) => server.WithOwnTools();

    /// <summary>
    /// Runs the verb that the arguments begin with, such as <c>users add alice</c>, or serves until told to stop, where they begin with an
    /// option or there are none.
    /// </summary>
    /// <returns>The exit code: 0, or 1 after one sentence on standard error.</returns>
    public static Task<int> RunOAuthMcpAsync(this WebApplication app, string[] args) => CommandLine.RunAsync(args, app);
}
