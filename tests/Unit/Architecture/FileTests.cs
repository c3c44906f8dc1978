using System.Text.RegularExpressions;

namespace OAuthMcp.Unit.Architecture;

/// <summary>Ceilings that tell when a concept wants a name.</summary>
public sealed partial class FileTests
{
    private const int Columns = 140;
    private const int Lines = 200;

    // EF's tables and converters are a few lines each, and are read as one.
    private static readonly string Mapping = Path.Combine("Persistence", "Mapping");

    [GeneratedRegex(@"^(public|internal)\s.*\b(class|interface|record|struct|enum|delegate)\s", RegexOptions.Multiline)]
    private static partial Regex Type { get; }

    [Fact]
    public void No_line_of_the_product_is_wider_than_140_columns() => ExpectNone(Wide("src", "samples").Select(line => line.Place));

    /// <summary>What goes over a wire may be wider in a test, where it reads best as it is sent.</summary>
    [Fact]
    public void No_line_of_the_tests_is_wider_than_140_columns_but_for_what_it_quotes() =>
        ExpectNone(Wide("tests").Where(line => !line.Text.Contains('"')).Select(line => line.Place));

    [Fact]
    public void No_file_of_the_product_is_longer_than_200_lines() =>
        ExpectNone(Sources.Written("src").Where(file => File.ReadLines(file).Count() > Lines).Select(Sources.Name));

    /// <summary>A use case is one file with its request, its answer, its validator and its handler.</summary>
    [Fact]
    public void File_of_the_product_holds_one_type_or_one_use_case() =>
        ExpectNone(
            Sources
                .Written("src")
                .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) && !file.Contains(Mapping, StringComparison.Ordinal))
                .Where(file => File.ReadAllText(file) is var text && !text.Contains(": IRequest<") && Type.Count(text) > 1)
                .Select(Sources.Name)
        );

    private static IEnumerable<(string Place, string Text)> Wide(params string[] folders) =>
        Sources
            .Written(folders)
            .SelectMany(file => File.ReadLines(file).Select((text, index) => (Place: $"{Sources.Name(file)}:{index + 1}", Text: text)))
            .Where(line => line.Text.Length > Columns);

    private static void ExpectNone(IEnumerable<string> found)
    {
        if (string.Join('\n', found) is { Length: > 0 } all)
            Assert.Fail(all);
    }
}
