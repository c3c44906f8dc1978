using OAuthMcp.Api.Configuration;

namespace OAuthMcp.Unit.Pages;

public sealed class LanguagesTests
{
    [Theory]
    [InlineData("de", "de")]
    [InlineData("DE", "de")]
    [InlineData("de-AT", "de")]
    [InlineData("de-CH-1996", "de")]
    [InlineData("en-GB", "en")]
    [InlineData("fr", null)]
    [InlineData("d", null)]
    [InlineData("del", null)]
    [InlineData("de_DE", null)]
    [InlineData("*", null)]
    [InlineData("", null)]
    public void Serves_a_tag_in_its_language(string tag, string? language) => Assert.Equal(language, Languages.Find([tag]));

    [Theory]
    [InlineData("fr de en", "de")]
    [InlineData("en de", "en")]
    [InlineData("de-AT en", "de")]
    [InlineData("fr it", null)]
    public void Takes_the_first_that_there_is(string tags, string? language) => Assert.Equal(language, Languages.Find(tags.Split(' ')));

    [Fact]
    public void Finds_none_among_none() => Assert.Null(Languages.Find([]));
}
