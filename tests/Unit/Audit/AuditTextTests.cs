using OAuthMcp.Application.Audit;

namespace OAuthMcp.Unit.Audit;

public sealed class AuditTextTests
{
    [Theory]
    [InlineData("alice", "alice")]
    [InlineData("Jürgen", "Jürgen")]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("a\nb\r\u001b[31m", "a�b��[31m")]
    [InlineData("a\u202eb\u2028c", "a�b�c")]
    [InlineData("0123456789x", "0123456789…")]
    public void Cannot_forge_a_line(string? text, string? clean) => Assert.Equal(clean, AuditText.Clean(text, 10));

    [Fact]
    public void Holds_no_half_of_a_character() => Assert.Equal("�x", AuditText.Clean("\ud800x", 10));
}
