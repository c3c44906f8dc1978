using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using OAuthMcp.Application.Settings;

namespace OAuthMcp.Api.Configuration;

/// <summary>The key <c>ConnectionStrings:Database</c>. What a connection string names decides which database it is for.</summary>
internal static class ConfiguredDatabase
{
    private const string Supported =
        "ConnectionStrings:Database must name a SQLite file (Data Source=...) or a PostgreSQL server (Host=...;Database=...;Username=...).";

    private static readonly string[] FileNames = ["Data Source", "DataSource", "Filename"];

    /// <returns>Null for the file in the data directory.</returns>
    /// <exception cref="ConfigurationException">It is no connection string, or one for another database.</exception>
    public static DatabaseAddress? Read(IConfiguration configuration)
    {
        if (configuration.GetConnectionString("Database") is not { } text)
            return null;
        var names = Parse(text);
        try
        {
            if (names.ContainsKey("Host"))
                return new DatabaseAddress(DatabaseKind.Postgres, ReadPostgres(text));
            if (FileNames.Any(names.ContainsKey))
                return new DatabaseAddress(DatabaseKind.Sqlite, new SqliteConnectionStringBuilder(text).ConnectionString);
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or InvalidCastException)
        {
            throw new ConfigurationException(
                failure is ArgumentException { ParamName: { Length: > 0 } name }
                    ? $"ConnectionStrings:Database: {name} is no word of it, or has no such value."
                    : $"ConnectionStrings:Database: {failure.Message}"
            );
        }

        throw new ConfigurationException(Supported);
    }

    private static string ReadPostgres(string text)
    {
        var address = new NpgsqlConnectionStringBuilder(text);
        return string.IsNullOrWhiteSpace(address.Host) || string.IsNullOrWhiteSpace(address.Database)
            ? throw new ConfigurationException("ConnectionStrings:Database: PostgreSQL needs Host and Database.")
            : address.ConnectionString;
    }

    private static DbConnectionStringBuilder Parse(string text)
    {
        try
        {
            return new DbConnectionStringBuilder { ConnectionString = text };
        }
        catch (ArgumentException)
        {
            throw new ConfigurationException(Supported); // a URL, say
        }
    }
}
