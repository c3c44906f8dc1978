using Microsoft.Data.Sqlite;

namespace OAuthMcp.Api.Configuration;

/// <summary>The key <c>ConnectionStrings:Database</c>.</summary>
internal static class ConfiguredDatabase
{
    /// <returns>Null for the file in the data directory.</returns>
    /// <exception cref="ConfigurationException">It is no connection string.</exception>
    public static string? Read(IConfiguration configuration)
    {
        try
        {
            return configuration.GetConnectionString("Database") is { } text
                ? new SqliteConnectionStringBuilder(text).ConnectionString
                : null;
        }
        catch (ArgumentException failure)
        {
            throw new ConfigurationException($"ConnectionStrings:Database: {failure.Message}");
        }
    }
}
