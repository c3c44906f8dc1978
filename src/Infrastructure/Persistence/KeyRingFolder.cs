using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Logging;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>
/// The key ring's files. The framework would write each new key into the temporary folder first, which many containers do
/// not have; here it is written where it stays, readable by its owner alone from its first byte on.
/// </summary>
internal sealed class KeyRingFolder(DirectoryInfo folder, ILoggerFactory log) : FileSystemXmlRepository(folder, log)
{
    public override void StoreElement(XElement element, string friendlyName)
    {
        var name = Path.Combine(Directory.FullName, $"{Guid.NewGuid():N}");
        // Under a name that is not read before all of it is on the disk.
        using (var file = new FileStream($"{name}.tmp", DataDirectory.Private(FileMode.CreateNew, FileShare.None)))
        {
            element.Save(file);
            file.Flush(flushToDisk: true);
        }

        File.Move($"{name}.tmp", Path.Combine(Directory.FullName, $"{NameOf(friendlyName) ?? name}.xml"));
    }

    // As the framework has it: names are for people, and what would be none of a file is not used.
    private static string? NameOf(string friendlyName) =>
        friendlyName is { Length: > 0 } && friendlyName.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
            ? friendlyName
            : null;
}
