using System.Text.Json;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Json;

namespace OAuthMcp.Unit.Protocol;

public sealed class SecretTests
{
    private const string Canary = "canary-5f2c";

    [Fact]
    public void Prints_as_stars_alone_and_inside_a_record()
    {
        var secret = new Secret(Canary);
        Assert.Equal("***", secret.ToString());
        Assert.Equal("***", $"{secret}");
        Assert.DoesNotContain(
            Canary,
            new RevokeTokenCommand(Given.Credentials(secret: secret), secret).ToString(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("{Request}")]
    [InlineData("{@Request}")]
    [InlineData("{$Request}")]
    public void L_01_survives_a_logger_that_takes_the_request_apart(string template)
    {
        var lines = new StringWriter();
        using (var log = new LoggerConfiguration().WriteTo.Sink(new Lines(lines)).CreateLogger())
#pragma warning disable CA2254 // The template is what this test varies.
            log.Information(template, new RevokeTokenCommand(Given.Credentials(secret: new Secret(Canary)), new Secret(Canary)));
#pragma warning restore CA2254
        Assert.Contains("RevokeToken", lines.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, lines.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Serializes_to_nothing() => Assert.Equal("{}", JsonSerializer.Serialize(new Secret(Canary)));

    [Theory]
    [InlineData("abcdefghi", "abcd****fghi")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.payload.signature", "eyJh****ture")]
    [InlineData("abcdefgh", "****")]
    [InlineData("a", "****")]
    [InlineData("", "****")]
    public void Masked_shows_four_characters_at_each_end_of_nine_or_more(string value, string masked) =>
        Assert.Equal(masked, new Secret(value).Masked());

    [Fact]
    public void Generates_256_bits_anew_each_time()
    {
        var generated = Enumerable.Range(0, 100).Select(_ => Secret.Generate().Reveal()).ToHashSet();
        Assert.Equal(100, generated.Count);
        Assert.All(generated, value => Assert.Matches("^[A-Za-z0-9_-]{43}$", value));
    }

    [Fact]
    public void Empty_counts_as_none()
    {
        Assert.Null(Secret.OrNull(null));
        Assert.Null(Secret.OrNull(""));
        Assert.Equal(new Secret("a"), Secret.OrNull("a"));
        Assert.NotEqual(new Secret("a"), Secret.OrNull("A"));
    }

    private sealed class Lines(StringWriter lines) : ILogEventSink
    {
        public void Emit(LogEvent logEvent) => new JsonFormatter(renderMessage: true).Format(logEvent, lines);
    }
}
