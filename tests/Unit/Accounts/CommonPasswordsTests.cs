using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Accounts;

/// <summary>Which passwords are guessed first (NIST SP 800-63B §5.1.1.2), and which only look like it.</summary>
public sealed class CommonPasswordsTests
{
    [Theory]
    [InlineData("password")]
    [InlineData("PASSWORD")]
    [InlineData("Password1!")]
    [InlineData("p@ssw0rd")]
    [InlineData("P4$$w0rd!!")]
    [InlineData("ｐａｓｓｗｏｒｄ")] // full width
    [InlineData("...password...")]
    [InlineData("passwordpassword")]
    [InlineData("$un5h1ne99")]
    [InlineData("1LoveYou")]
    [InlineData("Summer2026!")]
    [InlineData("welcome#123")]
    [InlineData("admin12345")]
    [InlineData("dragondragon")]
    public void Is_one_however_it_is_written(string password) => Assert.True(CommonPasswords.Contains(new Secret(password)));

    [Theory]
    [InlineData("87654321")]
    [InlineData("zyxwvuts")]
    [InlineData("QWERTZUIOP")]
    [InlineData("1qaz2wsx3edc")]
    [InlineData("poiuytrewq0987654321")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("aaaabbbbcccc")]
    [InlineData("x7!qx7!qx7!q")]
    [InlineData("efgh4567")]
    [InlineData("        ")]
    public void Is_one_when_a_finger_only_runs_over_the_keyboard(string password) =>
        Assert.True(CommonPasswords.Contains(new Secret(password)));

    [Theory]
    [InlineData("correct horse battery")]
    [InlineData("another long password")]
    [InlineData("a long enough one")]
    [InlineData("pässwörter mit   leerzeichen ")]
    [InlineData("k3Xq9_vRt2LmZ-8w")]
    [InlineData("tr0ub4dor&3x")]
    [InlineData("password of my aunt")]
    [InlineData("sunshine-40718-2296")] // more behind the word than a date
    [InlineData("\uD800abcdefoo-ba")] // no valid Unicode
    public void Is_none_when_there_is_more_to_it(string password) => Assert.False(CommonPasswords.Contains(new Secret(password)));

    [Theory]
    [InlineData("alice123")]
    [InlineData("ALICE-2026")]
    [InlineData("al1ce.al1ce")]
    [InlineData("mail.example")]
    [InlineData("alice@mail.example")]
    [InlineData("OAuthMcp1!")]
    [InlineData("0AuthMcp-alice")]
    [InlineData("mcp.acme.test")]
    public void Is_made_of_names_alone(string password) => Assert.True(IsOfNames(password));

    [Theory]
    [InlineData("alice in wonderland")]
    [InlineData("alice19871224-77")]
    [InlineData("correct horse battery")]
    [InlineData("bobsleigh")]
    public void Is_made_of_more_than_names(string password) => Assert.False(IsOfNames(password));

    [Fact]
    public void A_name_of_two_letters_is_looked_for_nowhere() => Assert.False(NamedPasswords.Contains(new Secret("xy71xy!9"), "xy"));

    private static bool IsOfNames(string password) =>
        NamedPasswords.Contains(new Secret(password), "alice@mail.example", "OAuthMcp", "mcp.acme.test");
}
