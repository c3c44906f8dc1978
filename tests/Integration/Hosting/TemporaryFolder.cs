using System.Text.Json.Nodes;

namespace OAuthMcp.Integration.Hosting;

/// <summary>Where a program keeps its files, until the test ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("oauthmcp-tests-").FullName;

    /// <summary>The one JSON file of this name in it, however deep.</summary>
    public JsonObject Read(string name) =>
        (JsonObject)JsonNode.Parse(File.ReadAllText(Directory.EnumerateFiles(Path, name, SearchOption.AllDirectories).Single()))!;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
