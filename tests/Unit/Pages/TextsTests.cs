using System.Text.RegularExpressions;
using System.Xml.Linq;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;
using OAuthMcp.Unit.Architecture;

namespace OAuthMcp.Unit.Pages;

/// <summary>The texts of the pages: every language has all of them, with the same values and the same markup.</summary>
public sealed partial class TextsTests
{
    private static readonly string Folder = Path.Combine(Sources.Root, "src", "Api", "Pages");

    // What is the same word in that language, or a name.
    private static readonly HashSet<string> Same = ["SignInCode_Code", "Account_Passkeys", "Account_PasskeyNameless"];

    // What can end on a page of refusal. The rest of the descriptions is for makers, in English, and is quoted.
    private static readonly string[] FrontChannel =
    [
        "src/Domain/Authorize",
        "src/Domain/Upstream",
        "src/Application/Upstream",
        "src/Application/Authorize/DecideConsent.cs",
        "src/Application/Authorize/GetConsent.cs",
        "src/Infrastructure/Accounts/UpstreamAccounts.cs",
        "src/Api/Hosting/TransportSecurity.cs",
        "src/Api/Hosting/UnhandledErrors.cs",
        "src/Api/Pages",
    ];

    // Their pages say it in texts of their own.
    private static readonly string[] SaidOtherwise =
    [
        "The form has no token of this session.",
        "The account is none of the administrators.",
    ];

    private static readonly Dictionary<string, string> English = Read("Texts.resx");

    public static TheoryData<string> Others => [.. Languages.All.Except([Languages.Default])];

    [Fact]
    public void Every_language_that_is_offered_has_texts_and_every_text_is_offered() =>
        Assert.Equal(
            Languages.All.Select(FileOf).Order(),
            Directory.EnumerateFiles(Folder, "Texts*.resx").Select(file => Path.GetFileName(file)).Order()
        );

    [Theory]
    [MemberData(nameof(Others))]
    public void Language_has_the_same_texts(string language)
    {
        var texts = Read(FileOf(language));
        Assert.Equal(English.Keys.Order(), texts.Keys.Order());
        Assert.All(texts, text => Assert.False(string.IsNullOrWhiteSpace(text.Value), text.Key));
        Assert.Equal(language, texts["Site_Language"]);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Text_has_the_same_values_and_the_same_markup(string language) => Assert.All(Read(FileOf(language)), text =>
        {
            Assert.Equal(Values(English[text.Key]), Values(text.Value));
            Assert.Equal(Tags(English[text.Key]), Tags(text.Value));
        });

    [Theory]
    [MemberData(nameof(Others))]
    public void Text_is_translated(string language) =>
        Assert.Equal(Same.Order(), Read(FileOf(language)).Where(text => English[text.Key] == text.Value).Select(text => text.Key).Order());

    /// <summary>As people expect of two buttons that do the same, and as the tests in the browser find them.</summary>
    [Theory]
    [MemberData(nameof(Others))]
    public void Same_text_is_the_same_in_every_place(string language)
    {
        var texts = Read(FileOf(language));
        Assert.All(English.GroupBy(text => text.Value), same => Assert.Single(same.Select(text => texts[text.Key]).Distinct()));
    }

    [Fact]
    public void Sentence_of_the_code_stands_there_word_for_word()
    {
        var code = string.Join('\n', Sources.Written("src").Select(file => Joint.Replace(File.ReadAllText(file), "")));
        var said = English.Where(text => text.Key.StartsWith("Said_", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(said);
        Assert.All(said, sentence => Assert.Contains($"\"{sentence.Value}\"", code, StringComparison.Ordinal));
    }

    [Fact]
    public void Refusal_that_a_page_shows_is_among_the_texts()
    {
        var said = FrontChannel
            .SelectMany(place =>
                File.Exists(Path.Combine(Sources.Root, place)) ? [Path.Combine(Sources.Root, place)] : Sources.Written(place)
            )
            .SelectMany(file => Refusal.Matches(Joint.Replace(File.ReadAllText(file), "")))
            .SelectMany(refusal => Literal.Matches(refusal.Value))
            .Select(literal => literal.Groups["text"].Value)
            .Where(text => text.EndsWith('.') && text.Contains(' '))
            .Concat([
                OAuthError.UpstreamFailed("").Description,
                OAuthError.UpstreamSignInRequired("").Description,
                OAuthError.TooManyRequests(TimeSpan.Zero).Description,
                OAuthError.TemporarilyUnavailable().Description,
                OAuthError.ServerError().Description,
                OAuthError.LoginRequired().Description,
                OAuthError.ConsentRequired().Description,
                ProviderKind.Find("oidc")!.DisplayName,
            ])
            .Distinct()
            .ToList();
        Assert.InRange(said.Count, 20, 100);
        Assert.Empty(said.Except(English.Values).Except(SaidOtherwise));
    }

    private static string FileOf(string language) => language == Languages.Default ? "Texts.resx" : $"Texts.{language}.resx";

    private static Dictionary<string, string> Read(string file) =>
        XDocument
            .Load(Path.Combine(Folder, file))
            .Descendants("data")
            .ToDictionary(text => text.Attribute("name")!.Value, text => text.Element("value")!.Value);

    private static IEnumerable<string> Values(string text) => Value.Matches(text).Select(value => value.Value).Order();

    private static IEnumerable<string> Tags(string text) => Tag.Matches(text).Select(tag => tag.Value).Order();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Value { get; }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag { get; }

    /// <summary>Where a long sentence goes on in the next line.</summary>
    [GeneratedRegex("\"\\s*\\+\\s*\"")]
    private static partial Regex Joint { get; }

    [GeneratedRegex("""(InvalidRequest\(|Description = |new(?: OAuthError)?\("[a-z_]+", )[^;]*?("[^"]*"[^;"]*){1,2}""")]
    private static partial Regex Refusal { get; }

    [GeneratedRegex("\"(?<text>[A-Z][^\"]*)\"")]
    private static partial Regex Literal { get; }
}
