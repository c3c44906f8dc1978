using System.Globalization;
using OAuthMcp.Domain.Accounts;

namespace OAuthMcp.Api.Configuration;

/// <summary>The languages that the pages are in. A new one is one more tag here and its texts in <c>Pages/Texts.{tag}.resx</c>.</summary>
internal static class Languages
{
    /// <summary>Of whoever asks for none of the others, and of <c>Pages/Texts.resx</c>.</summary>
    public const string Default = "en";

    private static readonly string[] Shipped = [Default, "de"];

    /// <summary>As BCP 47 tags. Without ICU this machine knows no month of any other language, so that the pages are in one.</summary>
    public static IReadOnlyList<string> All { get; } = TypedText.IsAvailable ? Shipped : [Default];

    /// <summary>The first of these tags that there is a language for (RFC 4647 §3.4): <c>de-AT</c> is served in <c>de</c>.</summary>
    public static string? Find(IEnumerable<string> wanted) =>
        wanted.Select(tag => All.FirstOrDefault(own => Serves(own, tag))).FirstOrDefault(own => own is not null);

    /// <summary>What texts, months and numbers follow.</summary>
    public static CultureInfo CultureOf(string language) =>
        language == Default ? CultureInfo.InvariantCulture : CultureInfo.GetCultureInfo(language);

    private static bool Serves(string own, string tag) =>
        tag.StartsWith(own, StringComparison.OrdinalIgnoreCase) && (tag.Length == own.Length || tag[own.Length] == '-');
}
