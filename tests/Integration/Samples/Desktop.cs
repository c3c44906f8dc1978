using System.Runtime.Versioning;

namespace OAuthMcp.Integration.Samples;

/// <summary>A machine with a display, whose xdg-open writes down what it shall open.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class Desktop : IDisposable
{
    private readonly string opened;

    public Desktop()
    {
        Folder = Directory.CreateTempSubdirectory("oauthmcp-desktop-").FullName;
        opened = Path.Combine(Folder, "opened");
        var program = Path.Combine(Folder, "xdg-open");
        File.WriteAllText(program, $"#!/bin/sh\nprintf '%s\\n' \"$@\" >{opened}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public string Folder { get; }

    /// <summary>Each argument; null when it was not started.</summary>
    public string[]? Opened => File.Exists(opened) ? File.ReadAllLines(opened) : null;

    public (string Name, string? Value)[] Environment =>
        [("PATH", $"{Folder}:{System.Environment.GetEnvironmentVariable("PATH")}"), ("DISPLAY", ":0")];

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
