using System.Diagnostics;

namespace OAuthMcp.Integration.Hosting;

/// <summary>A file system of its own, in memory, which can be filled up.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Nobody = 65534; // as whom PostgreSQL runs where the tests run as root

    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <summary>Null where this user may not mount.</summary>
    public static SmallDisk? TryMount(string size)
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"oauthmcp-disk-{System.IO.Path.GetRandomFileName()}");
        Directory.CreateDirectory(path);
        if (Run("mount", "-t", "tmpfs", "-o", $"size={size},mode=0777,uid={Nobody},gid={Nobody}", "tmpfs", path))
            return new SmallDisk(path);
        Directory.Delete(path);
        return null;
    }

    /// <summary>Takes all that is left.</summary>
    public void Fill()
    {
        using var filler = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
                filler.Write(block);
        }
        catch (IOException)
        {
            // That was the last block.
        }
    }

    public void Free() => File.Delete(Filler);

    public void Dispose()
    {
        if (!Run("umount", Path))
            Run("umount", "--lazy", Path);
        Directory.Delete(Path);
    }

    private string Filler => System.IO.Path.Combine(Path, "filler");

    private static bool Run(string program, params string[] arguments)
    {
        using var run = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        run.WaitForExit();
        return run.ExitCode == 0;
    }
}
