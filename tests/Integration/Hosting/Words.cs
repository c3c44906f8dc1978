using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Pages;

namespace OAuthMcp.Integration.Hosting;

/// <summary>The texts of the pages as their reader sees them. Tests call each as it is in English.</summary>
internal sealed partial class Words(string language)
{
    private static readonly Dictionary<string, string> English = TextsOf(Languages.Default);

    private readonly Dictionary<string, string> own = TextsOf(language);

    /// <summary>Every text that is another one in English, where it has no values.</summary>
    public IEnumerable<string> Foreign => English.Where(text => own[text.Key] != text.Value).Select(text => text.Value);

    /// <exception cref="ArgumentException">The pages have no such text.</exception>
    public string Of(string english) =>
        language == Languages.Default ? english
        : Exact(english) is { } exact ? exact
        : English.Where(text => text.Value is not ['{', ..]).Select(text => Filled(text, english)).FirstOrDefault(text => text is not null)
            is { } filled
            ? filled
        : OfAct(english) ?? throw new ArgumentException($"No page says {english}.");

    private string? Exact(string english) => English.FirstOrDefault(text => text.Value == english) is { Key: { } key } ? own[key] : null;

    private string? Filled(KeyValuePair<string, string> text, string english)
    {
        var pattern = Value.Replace(Regex.Escape(text.Value).Replace(@"\{", "{", StringComparison.Ordinal), "(.+)");
        return text.Value.Contains('{') && Regex.Match(english, $"^{pattern}$") is { Success: true } match
            ? string.Format(CultureInfo.InvariantCulture, own[text.Key], [.. match.Groups.Values.Skip(1).Select(group => group.Value)])
            : null;
    }

    // A button and what it is for.
    private string? OfAct(string english)
    {
        var act = English.Values.Where(text => english.StartsWith(text + " ", StringComparison.Ordinal)).MaxBy(text => text.Length);
        return act is null ? null : string.Format(CultureInfo.InvariantCulture, own["Site_ActOn"], Exact(act), english[(act.Length + 1)..]);
    }

    private static Dictionary<string, string> TextsOf(string language) =>
        Texts
            .ResourceManager.GetResourceSet(Languages.CultureOf(language), createIfNotExists: true, tryParents: false)!
            .Cast<DictionaryEntry>()
            .ToDictionary(text => (string)text.Key, text => Tag.Replace((string)text.Value!, ""));

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Value { get; }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag { get; }
}
