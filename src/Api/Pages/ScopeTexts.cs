using System.Globalization;
using System.Resources;

namespace OAuthMcp.Api.Pages;

/// <summary>What a scope means, in a sentence: the text <c>Scope_</c> and its name.</summary>
internal static class ScopeTexts
{
    private static readonly ResourceManager Resources = Texts.ResourceManager;

    public static string Of(string scope) => Resources.GetString($"Scope_{scope}", CultureInfo.CurrentUICulture) ?? Texts.Scope_Other;
}
