namespace OAuthMcp.Api.Configuration;

/// <summary>A file that pages load from this server, read at the start, so that it can neither change nor vanish later.</summary>
/// <param name="Path">Where the server serves it.</param>
internal sealed record ServedFile(string Path, string ContentType, byte[] Content)
{
    public const string Svg = "image/svg+xml";

    public static readonly IReadOnlyDictionary<string, string> StyleSheets = new Dictionary<string, string> { [".css"] = "text/css" };

    public static readonly IReadOnlyDictionary<string, string> Images = new Dictionary<string, string>
    {
        [".svg"] = Svg,
        [".png"] = "image/png",
        [".webp"] = "image/webp",
        [".jpg"] = "image/jpeg",
        [".ico"] = "image/x-icon",
    };

    private const int MaxKilobytes = 512;

    /// <param name="key">What names the file.</param>
    /// <param name="path">Where the server is to serve it, without its extension.</param>
    /// <param name="types">The content type of each extension that is taken.</param>
    /// <returns>Null where no file is named.</returns>
    /// <exception cref="ConfigurationException">It is of another type, empty, too large, or cannot be read.</exception>
    public static ServedFile? Read(string key, string? file, string contentRoot, string path, IReadOnlyDictionary<string, string> types)
    {
        if (file is null)
            return null;
        var extension = System.IO.Path.GetExtension(file).ToLowerInvariant();
        if (!types.TryGetValue(extension, out var type))
            throw new ConfigurationException($"{key} must be a file whose name ends in {string.Join(", ", types.Keys)}.");
        try
        {
            var found = new FileInfo(System.IO.Path.Combine(contentRoot, file));
            return found.Length is > 0 and <= MaxKilobytes * 1024
                ? new ServedFile(path + extension, type, File.ReadAllBytes(found.FullName))
                : throw new ConfigurationException($"{key} must be a file of {MaxKilobytes} KiB at most, and not empty.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{key}: {failure.Message}");
        }
    }
}
