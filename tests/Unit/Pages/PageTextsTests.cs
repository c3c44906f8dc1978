using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Pages;

namespace OAuthMcp.Unit.Pages;

/// <summary>What a page makes of its texts in each language.</summary>
public sealed class PageTextsTests
{
    private static readonly DateTimeOffset Time = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    [Theory]
    [InlineData("en", "4 March 2026", "4 March 2026, 05:06 UTC")]
    [InlineData("de", "4. März 2026", "4. März 2026, 05:06 Uhr (UTC)")]
    public void Times_are_in_words_for_people_and_in_ISO_for_programs(string language, string day, string moment) => In(language, () =>
        {
            Assert.Equal($"<time datetime=\"2026-03-04T05:06:07Z\">{day}</time>", Markup(PageTexts.Date(Time)));
            Assert.Equal($"<time datetime=\"2026-03-04T05:06:07Z\">{moment}</time>", Markup(PageTexts.Moment(Time)));
        });

    [Theory]
    [InlineData("en", "Disconnect App")]
    [InlineData("de", "Trennen: App")]
    public void Button_is_named_with_what_it_is_for(string language, string name) =>
        In(language, () => Assert.Equal(name, PageTexts.Act(Texts.Connections_Disconnect, "App")));

    [Fact]
    public void Values_are_encoded_and_texts_are_not() =>
        In("de", () => Assert.Equal("Angemeldet als <strong>&lt;i&gt;</strong>", Markup(Texts.Site_SignedInAs.Format("<i>"))));

    [Fact]
    public void Sentence_of_the_code_is_found_in_the_language_of_the_page() => In("de", () =>
        {
            Assert.Equal("Diese Anmeldung ist abgelaufen.", Sentences.Find(Domain.Authorize.AuthorizationRequest.Expired.Description));
            Assert.Null(Sentences.Find("A sentence of somebody else."));
            Assert.Equal("A sentence of somebody else.", Sentences.Of("A sentence of somebody else."));
        });

    private static void In(string language, Action look)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = Languages.CultureOf(language);
        try
        {
            look();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    private static string Markup(IHtmlContent content)
    {
        using var writer = new StringWriter();
        content.WriteTo(writer, HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All));
        return writer.ToString();
    }
}
