using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;
using OAuthMcp.Api.Mcp;

namespace OAuthMcp.Unit.Hosting;

public sealed class SharedServerOptionsTests
{
    private readonly ServiceCollection services = new();
    private int configured;

    public SharedServerOptionsTests()
    {
        services.Configure<McpServerOptions>(options =>
            (options.ServerInstructions, options.Filters) = ($"made {++configured}", new McpServerFilters())
        );
        services.AddSingleton<OptionsFactory<McpServerOptions>>();
        services.AddSingleton<IOptionsFactory<McpServerOptions>, SharedServerOptions>();
    }

    [Fact]
    public void Each_server_has_a_copy_of_what_was_configured_once()
    {
        var factory = Factory();
        var first = factory.Create(Options.DefaultName);
        first.ServerInstructions = "changed";

        var second = factory.Create(Options.DefaultName);

        Assert.Equal("made 1", second.ServerInstructions);
        Assert.Same(first.Filters, second.Filters);
    }

    [Fact]
    public void Program_that_changes_them_for_each_server_has_them_configured_for_each()
    {
        services.Configure<HttpServerTransportOptions>(http => http.ConfigureSessionOptions = (_, _, _) => Task.CompletedTask);
        var factory = Factory();
        var first = factory.Create(Options.DefaultName);

        var second = factory.Create(Options.DefaultName);

        Assert.Equal("made 2", second.ServerInstructions);
        Assert.NotSame(first.Filters, second.Filters);
    }

    private IOptionsFactory<McpServerOptions> Factory() =>
        services.BuildServiceProvider().GetRequiredService<IOptionsFactory<McpServerOptions>>();
}
