using System.Text.RegularExpressions;
using OAuthMcp.Unit.Architecture;

namespace OAuthMcp.Unit.Documents;

/// <summary>README and the documents it leads to.</summary>
internal static partial class Markdown
{
    public static IEnumerable<string> Files =>
        Directory
            .EnumerateFiles(Path.Combine(Sources.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Append(Path.Combine(Sources.Root, "README.md"));

    /// <summary>Where the links of a file lead, with what comes after a <c>#</c>; those to other sites left out.</summary>
    public static IEnumerable<(string Path, string Anchor)> Links(string file) =>
        Link.Matches(File.ReadAllText(file))
            .Select(link => link.Groups["to"].Value)
            .Where(to => !to.Contains("://", StringComparison.Ordinal) && !to.StartsWith("mailto:", StringComparison.Ordinal))
            .Select(to => to.Split('#', 2))
            .Select(to =>
                (
                    to[0].Length == 0 ? file : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, to[0])),
                    to.ElementAtOrDefault(1) ?? ""
                )
            );

    /// <summary>Whether the file has a heading of this anchor, as the forges spell anchors.</summary>
    public static bool HasHeading(string file, string anchor) =>
        Heading.Matches(File.ReadAllText(file)).Any(heading => AnchorOf(heading.Groups["text"].Value) == anchor);

    /// <summary>What stands between back quotes outside of code blocks.</summary>
    public static IEnumerable<string> Quoted(string file) =>
        Quote.Matches(Block.Replace(File.ReadAllText(file), "")).Select(quote => quote.Groups["text"].Value);

    private static string AnchorOf(string heading) => NoAnchor.Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\((?<to>[^)\s]+)\)")]
    private static partial Regex Link { get; }

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading { get; }

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoAnchor { get; }

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block { get; }

    [GeneratedRegex("`(?<text>[^`\n]+)`")]
    private static partial Regex Quote { get; }
}
