using Microsoft.Extensions.Logging;
using NSubstitute;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Pipeline;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Pipeline;

public sealed class LoggingBehaviorTests : IDisposable
{
    private readonly LogLines log = new();
    private readonly IRequestOrigin origin = Substitute.For<IRequestOrigin>();

    [Fact]
    public async Task Warns_of_a_refusal_with_use_case_code_and_detail()
    {
        await SendAsync(OAuthError.InvalidGrant("grant is revoked"));
        var (level, text, _) = Assert.Single(log.All);
        Assert.Equal((LogLevel.Warning, "RevokeTokenCommand refused: invalid_grant, grant is revoked"), (level, text));
    }

    [Fact]
    public async Task Warns_with_the_description_where_there_is_no_detail()
    {
        await SendAsync(OAuthError.InvalidRequest("token is required."));
        Assert.Equal("RevokeTokenCommand refused: invalid_request, token is required.", Assert.Single(log.All).Text);
    }

    [Fact]
    public async Task Writes_no_line_of_a_refusal_that_the_line_of_its_request_explains()
    {
        var refusal = OAuthError.InvalidGrant("grant is revoked");
        origin.TryExplain(refusal).Returns(true);
        await SendAsync(refusal);
        Assert.Empty(log.All);
    }

    [Fact]
    public async Task Mentions_a_served_request_at_debug_only()
    {
        await SendAsync(new Revoked());
        var (level, text, _) = Assert.Single(log.All);
        Assert.Equal((LogLevel.Debug, "RevokeTokenCommand served"), (level, text));
    }

    [Fact]
    public async Task Hands_the_answer_on_as_it_is()
    {
        Result<Revoked> answer = new Revoked();
        Assert.Same(answer, await SendAsync(answer));
    }

    private Task<Result<Revoked>> SendAsync(Result<Revoked> answer) =>
        new LoggingBehavior<RevokeTokenCommand, Result<Revoked>>(
            new Logger<LoggingBehavior<RevokeTokenCommand, Result<Revoked>>>(log),
            origin
        ).Handle(new RevokeTokenCommand(Given.Credentials(), Given.RefreshTokenValue), Given.Ct, () => Task.FromResult(answer));

    public void Dispose() => log.Dispose();
}
