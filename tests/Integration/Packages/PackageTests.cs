using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace OAuthMcp.Integration.Packages;

/// <summary>What is in the packages, and what is not.</summary>
[Collection(nameof(Packed))]
public sealed partial class PackageTests(PackedFeed feed)
{
    [Theory]
    [InlineData("Domain")]
    [InlineData("Application")]
    [InlineData("Infrastructure")]
    [InlineData("Api")]
    [InlineData("Testing")]
    public void Library_holds_its_code_and_what_there_is_to_say_of_it(string project)
    {
        using var package = Open($"OAuthMcp.{project}", "nupkg");
        string[] texts = project == "Api" ? ["lib/net10.0/de/OAuthMcp.Api.resources.dll"] : [];
        Assert.Equal(["README.md", $"lib/net10.0/OAuthMcp.{project}.dll", $"lib/net10.0/OAuthMcp.{project}.xml", .. texts], Files(package));
        var metadata = Metadata(package, $"OAuthMcp.{project}");
        Assert.Equal(("MIT", "README.md"), (metadata["license"], metadata["readme"]));
        using var symbols = Open($"OAuthMcp.{project}", "snupkg");
        Assert.Equal([$"lib/net10.0/OAuthMcp.{project}.pdb"], Files(symbols));
    }

    private ZipArchive Open(string id, string extension) =>
        ZipFile.OpenRead(Path.Combine(feed.Folder, $"{id}.{PackedFeed.Version}.{extension}"));

    // Without what every package has for itself.
    private static IEnumerable<string> Files(ZipArchive package) =>
        package.Entries.Select(entry => entry.FullName).Where(name => !OfFormat.IsMatch(name)).Order(StringComparer.Ordinal);

    private static Dictionary<string, string> Metadata(ZipArchive package, string id)
    {
        using var nuspec = package.GetEntry($"{id}.nuspec")!.Open();
        return XDocument
            .Load(nuspec)
            .Root!.Elements()
            .Single()
            .Elements()
            .ToDictionary(element => element.Name.LocalName, element => element.Value);
    }

    [GeneratedRegex(@"^(_rels/|package/|\[Content_Types\]\.xml$|[^/]+\.nuspec$)")]
    private static partial Regex OfFormat { get; }
}
