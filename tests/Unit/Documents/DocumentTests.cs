using System.Text.RegularExpressions;
using OAuthMcp.Unit.Architecture;

namespace OAuthMcp.Unit.Documents;

/// <summary>What the documents name is there, and what a test's number stands for is in the catalogue.</summary>
public sealed partial class DocumentTests
{
    private const int LongestReadme = 10 * 1024;

    private static readonly string[] Projects = ["Api", "Application", "Domain", "Infrastructure"];

    [Fact]
    public void Readme_is_read_in_one_sitting() =>
        Assert.InRange(new FileInfo(Path.Combine(Sources.Root, "README.md")).Length, 1, LongestReadme);

    [Fact]
    public void Every_link_leads_somewhere() =>
        ExpectNone(
            from file in Markdown.Files
            from link in Markdown.Links(file)
            where !Path.Exists(link.Path) || (link.Anchor.Length > 0 && !Markdown.HasHeading(link.Path, link.Anchor))
            select $"{Path.GetRelativePath(Sources.Root, file)}: {Path.GetRelativePath(Sources.Root, link.Path)}#{link.Anchor}"
        );

    [Fact]
    public void Every_path_that_is_named_exists() =>
        ExpectNone(
            from file in Markdown.Files
            from text in Markdown.Quoted(file)
            where NamedPath.IsMatch(text) && !Path.Exists(PathOf(text))
            select $"{Path.GetRelativePath(Sources.Root, file)}: {text}"
        );

    [Fact]
    public void Every_type_that_is_named_exists()
    {
        var code = string.Join('\n', Sources.Written("src", "tests", "samples").Select(File.ReadAllText));
        ExpectNone(
            from file in Markdown.Files
            from text in Markdown.Quoted(file)
            where NamedType.IsMatch(text) && !Regex.IsMatch(code, $@"\b{Regex.Escape(text.Split('.')[^1])}\b")
            select $"{Path.GetRelativePath(Sources.Root, file)}: {text}"
        );
    }

    [Fact]
    public void Every_number_in_the_title_of_a_test_stands_in_the_catalogue()
    {
        var catalogue = File.ReadAllText(Path.Combine(Sources.Root, "docs", "security", "cases.md"));
        var numbers = Sources
            .Written("tests")
            .SelectMany(file => CaseNumber.Matches(File.ReadAllText(file)).Select(number => number.Value.Replace('_', '-')))
            .Distinct()
            .Order()
            .ToList();
        Assert.NotEmpty(numbers);
        ExpectNone(numbers.Where(number => !catalogue.Contains($"\n| {number} |", StringComparison.Ordinal)));
    }

    // Below src where a project is named first.
    private static string PathOf(string text) =>
        Path.Combine([Sources.Root, .. Projects.Contains(text.Split('/')[0]) ? new[] { "src" } : [], text]);

    private static void ExpectNone(IEnumerable<string> found)
    {
        if (string.Join('\n', found) is { Length: > 0 } all)
            Assert.Fail(all);
    }

    [GeneratedRegex(@"^(src|tests|docs|samples|bench|deploy|templates|\.ci|Api|Application|Domain|Infrastructure)/[\w./-]+$")]
    private static partial Regex NamedPath { get; }

    [GeneratedRegex(@"^[A-Z][a-z0-9]+[A-Z]\w*(\.[A-Z]\w+)?$")]
    private static partial Regex NamedType { get; }

    [GeneratedRegex(@"(?<![A-Za-z0-9])([A-Z]_\d\d|[HMLKU]\d{1,2})(?=_)")]
    private static partial Regex CaseNumber { get; }
}
