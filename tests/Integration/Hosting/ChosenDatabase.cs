using System.Collections.Concurrent;

namespace OAuthMcp.Integration.Hosting;

/// <summary>
/// What servers of the tests store in where a test names nothing: a SQLite file, or with <c>OAUTHMCP_TEST_DATABASE</c>=postgres a
/// database of their own on PostgreSQL.
/// </summary>
internal static class ChosenDatabase
{
    private static readonly ConcurrentDictionary<string, string> Addresses = new(StringComparer.Ordinal);

    public static bool IsPostgres { get; } = Environment.GetEnvironmentVariable("OAUTHMCP_TEST_DATABASE") == "postgres";

    /// <summary>The connection string of the server that has this data directory, and again for the next one that has it.</summary>
    /// <param name="hasAccounts">Whether a new one has the accounts of the tests already.</param>
    public static async Task<string> OfAsync(string dataDirectory, bool hasAccounts)
    {
        if (!Addresses.TryGetValue(dataDirectory, out var address))
            Addresses[dataDirectory] = address = await PostgresServer.Shared.CopyTemplateAsync(hasAccounts);
        return address;
    }

    /// <summary>The arguments of a process beside a server of the tests: it has to work on the same database.</summary>
    public static IReadOnlyList<string> Beside(IReadOnlyList<string> arguments)
    {
        const string Option = "--Server:DataDirectory=";
        var folder = arguments.FirstOrDefault(argument => argument.StartsWith(Option, StringComparison.Ordinal))?[Option.Length..];
        return
            folder is not null
            && Addresses.TryGetValue(folder, out var address)
            && !arguments.Any(argument => argument.StartsWith("--database", StringComparison.Ordinal))
            ? [.. arguments, $"--database={address}", $"--Protection:KeyFile={PostgresServer.KeyFile}"]
            : arguments;
    }

    /// <summary>Throws it away.</summary>
    public static async Task RemoveAsync(string dataDirectory)
    {
        if (Addresses.TryRemove(dataDirectory, out var address))
            await PostgresServer.Shared.RemoveAsync(address);
    }
}
