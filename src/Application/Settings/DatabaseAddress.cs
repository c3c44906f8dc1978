namespace OAuthMcp.Application.Settings;

/// <summary>Where the database is. No record, since its text would hold the password.</summary>
internal sealed class DatabaseAddress(DatabaseKind kind, string connectionString)
{
    public DatabaseKind Kind => kind;

    /// <summary>In the words of its driver, and perhaps with a password.</summary>
    public string ConnectionString => connectionString;
}
