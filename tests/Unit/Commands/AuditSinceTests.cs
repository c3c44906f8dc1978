using OAuthMcp.Api.Commands;
using OAuthMcp.Api.Configuration;

namespace OAuthMcp.Unit.Commands;

public sealed class AuditSinceTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    [Theory]
    [InlineData("30m", "2026-03-04T04:36:07Z")]
    [InlineData("24h", "2026-03-03T05:06:07Z")]
    [InlineData("7d", "2026-02-25T05:06:07Z")]
    [InlineData("1.00:00:00", "2026-03-03T05:06:07Z")]
    [InlineData("2026-03-01", "2026-03-01T00:00:00Z")]
    [InlineData("2026-03-01T10:00+02:00", "2026-03-01T08:00:00Z")]
    public void Is_a_duration_or_a_time(string text, string since) =>
        Assert.Equal(DateTimeOffset.Parse(since, null), AuditCommands.Since(text, Now));

    [Theory]
    [InlineData("yesterday")]
    [InlineData("-1h")]
    [InlineData("")]
    public void Is_nothing_else(string text) => Assert.Throws<ConfigurationException>(() => AuditCommands.Since(text, Now));
}
