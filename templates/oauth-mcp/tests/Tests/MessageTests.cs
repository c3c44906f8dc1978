using Template._1.Domain;

namespace Template._1.Tests;

public sealed class MessageTests
{
    [Theory]
    [InlineData(" ", "The message is empty.")]
    [InlineData("hello", null)]
    public void Is_refused_when_it_says_nothing(string text, string? refusal) => Assert.Equal(refusal, new Message(text).Refuse());

    [Fact]
    public void Is_refused_when_it_says_too_much() =>
        Assert.Equal("The message is longer than 280 characters.", new Message(new string('x', 281)).Refuse());
}
