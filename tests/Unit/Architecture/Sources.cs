namespace OAuthMcp.Unit.Architecture;

/// <summary>The files that the tests were built from.</summary>
internal static class Sources
{
    public static readonly string Root = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>Every C# file and page that people write: neither build output nor migrations.</summary>
    public static IEnumerable<string> Written(params string[] folders) =>
        folders
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".cs" or ".cshtml")
            .Where(file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar).Any(IsGenerated));

    /// <summary>A file as it is called in the repository.</summary>
    public static string Name(string file) => Path.GetRelativePath(Root, file);

    private static bool IsGenerated(string folder) => folder is "bin" or "obj" or "Migrations" or "Model" or "node_modules";

    private static string Find(DirectoryInfo folder) => folder.GetFiles("OAuthMcp.sln").Length > 0 ? folder.FullName : Find(folder.Parent!);
}
