namespace OAuthMcp.Application.Settings;

/// <summary>The databases that this program supports.</summary>
internal enum DatabaseKind
{
    /// <summary>A file, for one server.</summary>
    Sqlite,

    /// <summary>A database server of version 14 or newer.</summary>
    Postgres,
}
