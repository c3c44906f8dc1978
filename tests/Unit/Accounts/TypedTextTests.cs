using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Accounts;

public sealed class TypedTextTests
{
    [Fact]
    public void K_51_this_machine_can_tell_the_spellings() => Assert.True(TypedText.IsAvailable);

    [Theory]
    [InlineData("Zo\u00EB", "Zoe\u0308")]
    [InlineData("J\u00FCrgen", "ju\u0308rgen")]
    [InlineData("\uFF21lice", "alice")] // a wide A
    [InlineData("Alice", "aLICE")]
    public void K_51_a_name_is_the_same_however_it_is_typed(string name, string typed) =>
        Assert.Equal(TypedText.Name(name), TypedText.Name(typed));

    [Theory]
    [InlineData("alice", "alicé")]
    [InlineData("a\uFFFE", "a")]
    [InlineData("a\uD800", "a")]
    public void K_51_another_name_is_another_one_though_it_be_no_text(string name, string other) =>
        Assert.NotEqual(TypedText.Name(name), TypedText.Name(other));

    [Theory]
    [InlineData("p\u00E4ssw\u00F6rter", "pa\u0308sswo\u0308rter", true)]
    [InlineData("two words", "two\u00A0words", true)]
    [InlineData("Password of mine", "password of mine", false)]
    [InlineData("\uFF21 wide one", "A wide one", false)]
    public void K_51_a_password_is_the_same_however_it_is_composed(string password, string typed, bool isSame) =>
        Assert.Equal(isSame, TypedText.Password(new Secret(password)).Equals(TypedText.Password(new Secret(typed))));
}
