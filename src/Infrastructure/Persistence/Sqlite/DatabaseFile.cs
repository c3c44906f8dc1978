namespace OAuthMcp.Infrastructure.Persistence.Sqlite;

/// <summary>
/// The file of a SQLite database and the lock files beside it, whose locks end with their process. The files stay, since two
/// processes could each lock their own if one were deleted.
/// </summary>
/// <param name="path">Absolute, with symbolic links followed, as SQLite knows it.</param>
internal sealed class DatabaseFile(string path)
{
    public string Path { get; } = path;

    /// <summary>
    /// Held by a server as long as it runs. SQLite has one writer, and a second server would not see the state of the first.
    /// </summary>
    /// <returns>Null while another process has it.</returns>
    public FileStream? TryLockForServer() => TryLock(".server");

    /// <summary>Held by whoever changes the tables.</summary>
    /// <returns>Null while another process has it.</returns>
    public FileStream? TryLockForMigration() => TryLock(".migration");

    private FileStream? TryLock(string suffix)
    {
        try
        {
            return new FileStream(Path + suffix, DataDirectory.Private(FileMode.OpenOrCreate, FileShare.None));
        }
        catch (IOException failure) when (failure.GetType() == typeof(IOException)) // a subclass would mean that the path is wrong
        {
            return null;
        }
    }
}
