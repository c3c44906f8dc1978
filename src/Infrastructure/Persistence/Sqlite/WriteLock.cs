using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OAuthMcp.Infrastructure.Persistence.Sqlite;

/// <summary>SQLite's own lock, which another process may hold. Waiting for it would block a thread, so it is tried again.</summary>
internal static class WriteLock
{
    /// <summary>After how long a lock that was taken is tried again.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private const int NoWait = -1; // 0 would be for ever
    private const int FileControlHasMoved = 20; // SQLITE_FCNTL_HAS_MOVED

    /// <summary>A transaction that can write, or null while another process has one.</summary>
    public static SqliteTransaction? TryBegin(SqliteConnection connection)
    {
        var timeout = connection.DefaultTimeout;
        connection.DefaultTimeout = NoWait;
        try
        {
            return connection.BeginTransaction(deferred: false);
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED)
        {
            return null;
        }
        finally
        {
            connection.DefaultTimeout = timeout;
        }
    }

    /// <summary>Asked before each commit, since what is written to a deleted file is lost.</summary>
    /// <exception cref="DatabaseMovedException">The file that the connection has open is not at its path any more.</exception>
    public static void ThrowIfMoved(SqliteConnection connection)
    {
        if (HasMoved(connection))
            throw new DatabaseMovedException();
    }

    /// <summary>Always false on Windows, which deletes no open file and where SQLite does not answer this.</summary>
    public static bool HasMoved(SqliteConnection connection) =>
        FileControl(connection.Handle!.DangerousGetHandle(), "main", FileControlHasMoved, out var hasMoved) == raw.SQLITE_OK
        && hasMoved != 0;

    [DllImport(
        "e_sqlite3",
        EntryPoint = "sqlite3_file_control",
        CharSet = CharSet.Ansi,
        BestFitMapping = false,
        ThrowOnUnmappableChar = true
    )]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int FileControl(
        nint connection,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string database,
        int operation,
        out int result
    );
}
