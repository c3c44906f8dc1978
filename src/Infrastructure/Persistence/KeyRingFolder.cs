using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Logging;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>
/// The files of the key ring. The framework would first write each key into the temporary folder, which many containers lack; here
/// it is written in place, readable by its owner alone.
/// </summary>
internal sealed class KeyRingFolder(DirectoryInfo folder, ILoggerFactory log) : FileSystemXmlRepository(folder, log)
{
    public override void StoreElement(XElement element, string friendlyName)
    {
        var name = Path.Combine(Directory.FullName, $"{Guid.NewGuid():N}");
        // First under another name, so that a half-written key is not read.
        using (var file = new FileStream($"{name}.tmp", DataDirectory.Private(FileMode.CreateNew, FileShare.None)))
        {
            element.Save(file);
            file.Flush(flushToDisk: true);
        }

        File.Move($"{name}.tmp", Path.Combine(Directory.FullName, $"{NameOf(friendlyName) ?? name}.xml"));
    }

    // As the framework does: the name is for people, and is not used where it would be no file name.
    private static string? NameOf(string friendlyName) =>
        friendlyName is { Length: > 0 } && friendlyName.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
            ? friendlyName
            : null;
}
