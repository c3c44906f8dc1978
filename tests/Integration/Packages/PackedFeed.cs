using System.Reflection;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Packages;

/// <summary>The packages of this build in a folder, and the templates installed from there.</summary>
public sealed class PackedFeed : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();

    internal Dotnet Dotnet { get; private set; } = null!;

    /// <summary>Where the packages are.</summary>
    internal string Folder => Path.Combine(folder.Path, "feed");

    /// <summary>As the packages have it.</summary>
    internal static string Version { get; } =
        typeof(OAuthMcpTestServer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public async ValueTask InitializeAsync()
    {
        // No other source counts: what a developer begins with restores without a network.
        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, "nuget.config"),
            "<configuration><packageSources><clear /></packageSources></configuration>"
        );
        Dotnet = new Dotnet(Path.Combine(folder.Path, "home"));
        var configuration = typeof(PackedFeed).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        await Dotnet.RunAsync(Checkout.Folder, "pack", "--no-build", "-c", configuration, "-o", Folder);
        await Dotnet.RunAsync(folder.Path, "new", "install", Path.Combine(Folder, $"OAuthMcp.Templates.{Version}.nupkg"));
    }

    /// <summary>Makes a project of a template, and builds it.</summary>
    /// <returns>Its folder.</returns>
    internal async Task<string> MakeAsync(string template, string name)
    {
        await Dotnet.RunAsync(folder.Path, "new", template, "-o", name, "--feed", Folder);
        var made = Path.Combine(folder.Path, name);
        await Dotnet.RunAsync(made, "build", "-warnaserror");
        return made;
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return default;
    }
}
