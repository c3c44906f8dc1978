using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Protocol;

public sealed class ErrorTextTests
{
    [Theory]
    [InlineData("https://idp.example/a b", "https://idp.example/a b")]
    [InlineData("a\"b\\c", "a?b?c")]
    [InlineData("a\r\nb\0\u007f", "a??b??")]
    [InlineData("ü\u202e", "??")]
    public void Keeps_the_characters_of_an_error_description_alone(string value, string shown) => Assert.Equal(shown, ErrorText.Of(value));

    [Fact]
    public void Is_short() => Assert.Equal(new string('a', 200) + "...", ErrorText.Of(new string('a', 10_000)));
}
