using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Html;
using OAuthMcp.Domain.Clients;

namespace OAuthMcp.Api.Pages;

/// <summary>Adds to the generated <c>Texts</c> (Texts.resx) what they lack: texts with values in them, and times.</summary>
internal static class PageTexts
{
    // Of the texts. All else is formatted the same everywhere.
    private static CultureInfo Culture => CultureInfo.CurrentUICulture;

    /// <summary>The text is trusted markup. The values are encoded, since a client or a user chose them.</summary>
    public static IHtmlContent Format(this string text, params object?[] values) => new HtmlFormattableString(Culture, text, values);

    /// <summary>The same for a text without markup.</summary>
    public static string Plain(this string text, params object?[] values) =>
        FormattableStringFactory.Create(text, values).ToString(Culture);

    /// <summary>The text is no markup, and becomes none: the page encodes the result.</summary>
    public static string Fill(this string text, params object?[] values) => string.Format(CultureInfo.InvariantCulture, text, values);

    /// <summary>Who vouches for an application.</summary>
    /// <param name="host">Of the document that describes it, or null.</param>
    public static IHtmlContent Standing(bool isPreRegistered, string? host) =>
        isPreRegistered ? Texts.Consent_Known.Format()
        : host is null ? Texts.Consent_Unverified.Format()
        : Texts.Consent_Described.Format(host);

    /// <summary>The style of that text, in which an application without anybody to vouch for it stands out.</summary>
    public static string TagOf(bool isPreRegistered, string? host) => isPreRegistered || host is not null ? "tag" : "tag doubt";

    /// <summary>The name of a button for who hears it alone: what it does, and to what.</summary>
    public static string Act(string act, string on) => Texts.Site_ActOn.Plain(act, on);

    public static IHtmlContent Date(DateTimeOffset time) => Time(time, Texts.Site_Date);

    public static IHtmlContent Moment(DateTimeOffset time) => Time(time, Texts.Site_Moment);

    /// <summary>How the server came to know a client.</summary>
    public static string Origin(ClientOrigin origin) =>
        origin switch
        {
            ClientOrigin.PreRegistered => Texts.Admin_OriginPreRegistered,
            ClientOrigin.MetadataDocument => Texts.Admin_OriginMetadataDocument,
            _ => Texts.Admin_OriginRegistered,
        };

    private static IHtmlContent Time(DateTimeOffset time, string format) =>
        "<time datetime=\"{0}\">{1}</time>".Format(
            time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            time.UtcDateTime.ToString(format, Culture)
        );
}
