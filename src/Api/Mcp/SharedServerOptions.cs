using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// The SDK makes a server for each request, with options that it has configured for that one alone. They would always come out the
/// same, unless a program changes them for each; so they are configured once, and each server has its own copy.
/// </summary>
internal sealed class SharedServerOptions(OptionsFactory<McpServerOptions> factory, IOptions<HttpServerTransportOptions> transport)
    : IOptionsFactory<McpServerOptions>
{
    private readonly Lazy<McpServerOptions> shared = new(() => factory.Create(Options.DefaultName));

    public McpServerOptions Create(string name) =>
        name != Options.DefaultName || transport.Value.ConfigureSessionOptions is not null
            ? factory.Create(name)
            : (McpServerOptions)CopyOf(shared.Value);

    // Each member as it is: what the members hold is shared between sessions too, by the SDK itself.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = nameof(MemberwiseClone))]
    private static extern object CopyOf(object options);
}
