using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Logging;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>
/// The files of the key ring. The framework would first write each key into the temporary folder, which many containers lack; here
/// it is written in place, readable by its owner alone.
/// </summary>
internal sealed class KeyRingFolder(DirectoryInfo folder, ILoggerFactory log) : FileSystemXmlRepository(folder, log), IKeyRing
{
    public override void StoreElement(XElement element, string friendlyName) =>
        Write($"{NameOf(friendlyName) ?? $"{Guid.NewGuid():N}"}.xml", new XDocument(element));

    public IEnumerable<(string Name, XDocument Key)> Read() =>
        Directory.EnumerateFiles("key-*.xml").Select(file => (file.Name, XDocument.Load(file.FullName)));

    public void Replace(string name, XDocument key) => Write(name, key);

    // First under another name, since a half-written key would be lost.
    private void Write(string name, XDocument key)
    {
        var written = Path.Combine(Directory.FullName, $"{Guid.NewGuid():N}.tmp");
        using (var file = new FileStream(written, DataDirectory.Private(FileMode.CreateNew, FileShare.None)))
        {
            key.Save(file);
            file.Flush(flushToDisk: true);
        }

        File.Move(written, Path.Combine(Directory.FullName, name), overwrite: true);
    }

    // As the framework does: the name is for people, and is not used where it would be no file name.
    private static string? NameOf(string friendlyName) =>
        friendlyName is { Length: > 0 } && friendlyName.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
            ? friendlyName
            : null;
}
