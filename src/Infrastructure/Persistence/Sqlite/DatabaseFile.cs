namespace OAuthMcp.Infrastructure.Persistence.Sqlite;

/// <summary>
/// The file of a SQLite database, and the lock files beside it. The kernel holds these locks for a process and gives
/// them back when it ends, however it ends. The files themselves stay, since removing one would let two processes lock two files.
/// </summary>
/// <param name="path">As SQLite knows it: absolute, symbolic links followed.</param>
internal sealed class DatabaseFile(string path)
{
    public string Path { get; } = path;

    /// <summary>Held by a server as long as it runs: SQLite has one writer, and a second server would not see this one's state.</summary>
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
        catch (IOException failure) when (failure.GetType() == typeof(IOException)) // its subclasses say that the path is wrong
        {
            return null;
        }
    }
}
