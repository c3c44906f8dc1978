using System.Globalization;
using System.Resources;
using Microsoft.AspNetCore.Html;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Pages;

/// <summary>What the generated <c>Texts</c> (Texts.resx) lack: texts with values in them, and texts found by name.</summary>
internal static class PageTexts
{
    /// <summary>The text is markup of ours, the values are encoded: what a client or a user chose stays text.</summary>
    public static IHtmlContent Format(this string text, params object?[] values) => new HtmlFormattableString(CultureInfo.InvariantCulture, text, values);
}

/// <summary>What a scope means, in a sentence: the text <c>Scope_</c> and its name.</summary>
internal static class ScopeTexts
{
    private static readonly ResourceManager Resources = Texts.ResourceManager;

    public static string Of(string scope) => Resources.GetString($"Scope_{scope}", CultureInfo.CurrentUICulture) ?? Texts.Scope_Other;
}
