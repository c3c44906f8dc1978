using System.Globalization;
using OAuthMcp.Api.Commands;

namespace OAuthMcp.Api;

/// <summary>
/// The program itself. It has a name of its own, since the one that top-level statements get is public, and would stand beside that
/// of every program that includes this server.
/// </summary>
internal static class Program
{
    private static Task<int> Main(string[] args)
    {
        // Output is the same on every machine, whatever its language.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        return CommandLine.RunAsync(args);
    }
}
