using System.Collections;
using System.Collections.Frozen;
using System.Globalization;

namespace OAuthMcp.Api.Pages;

/// <summary>
/// Sentences that stand in code in English, since logs and programs read them too, in the language of a page. The texts whose names
/// begin with <c>Said_</c> are those sentences, word for word.
/// </summary>
internal static class Sentences
{
    private static readonly FrozenDictionary<string, string> Names = Texts
        .ResourceManager.GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: false)!
        .Cast<DictionaryEntry>()
        .Where(text => ((string)text.Key).StartsWith("Said_", StringComparison.Ordinal))
        .ToFrozenDictionary(text => (string)text.Value!, text => (string)text.Key, StringComparer.Ordinal);

    /// <summary>Null for a sentence that is none of these.</summary>
    public static string? Find(string english) =>
        Names.TryGetValue(english, out var name) ? Texts.ResourceManager.GetString(name, CultureInfo.CurrentUICulture) : null;

    /// <summary>A sentence that is none of these stays as its author wrote it.</summary>
    public static string Of(string english) => Find(english) ?? english;
}
