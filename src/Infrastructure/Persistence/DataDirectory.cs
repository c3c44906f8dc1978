namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>The folder of all that this process keeps on disk. Its owner alone can read it.</summary>
/// <param name="path">It is created when it does not exist.</param>
/// <param name="holdsDatabase">Whether the database is the file in this folder.</param>
/// <param name="holdsKeys">Whether the key ring lies here. It lies in the database where several processes share that.</param>
internal sealed class DataDirectory(string path, bool holdsDatabase, bool holdsKeys = true)
{
    private bool wasProbed;

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public string Database => System.IO.Path.Combine(Path, "oauthmcp.db");

    public DirectoryInfo Keys => new(System.IO.Path.Combine(Path, "keys"));

    public bool HoldsKeys => holdsKeys;

    /// <summary>Whether there are keys that belong to a database in this folder.</summary>
    public bool HoldsKeysOfItsDatabase => holdsDatabase && Keys.Exists && Keys.EnumerateFiles().Any();

    /// <exception cref="IOException">It cannot be created or written.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be created or written.</exception>
    /// <exception cref="InvalidDataException">There are keys and no database. It was lost, which a new one would hide.</exception>
    public void Prepare()
    {
        if (!holdsDatabase && !holdsKeys)
            return;
        CreatePrivate(Path);
        if (HoldsKeysOfItsDatabase && !File.Exists(Database))
            throw new InvalidDataException("The database is missing.");
        CreatePrivate(Keys.FullName);
        foreach (var key in Keys.EnumerateFiles())
            Restrict(key.FullName);
        if (!holdsDatabase)
            return;
        // Created here, so that the file and those that SQLite puts beside it are private from the first byte. Only once, before SQLite
        // has it open: to close a file ends all locks of the process on it (POSIX), and the next backup would take the log away.
        if (!wasProbed)
            using (var probe = new FileStream(Database, Private(FileMode.OpenOrCreate, FileShare.ReadWrite))) { }
        wasProbed = true;
        Restrict(Database);
    }

    private static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static void Restrict(string file)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>How a file is opened that nobody else may read.</summary>
    internal static FileStreamOptions Private(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.ReadWrite,
            Share = share,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }
}
