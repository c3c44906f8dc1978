using NSubstitute;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Unit.Authorize;

/// <summary>An answer that is given twice: the same again while it is of use, and nothing else.</summary>
public sealed class AnswersTests
{
    private static readonly ScopeSet Read = ScopeSet.Of(ScopeSet.Read);
    private static readonly Secret Issued = AuthorizationRequest.Code(Given.BrowserCookie, "salt");
    private static readonly AuthorizationRequest Allowed = Given.Request(answeredAt: Given.Now, salt: "salt");

    private readonly IAuthorizationRequestStore requests = Substitute.For<IAuthorizationRequestStore>();

    [Fact]
    public async Task C_21_gives_the_browser_that_allowed_it_the_same_code_again()
    {
        var step = Assert.IsType<AuthorizeStep.Redirect>(await RepeatAsync(Allowed, Read));
        Assert.Equal(Issued, step.Response.Code);
        Assert.Equal(step, await RepeatAsync(Allowed, Read, Given.Now.AddSeconds(59)));
        Assert.Equal(step, await Given.Answers(requests, Code()).RepeatAsync(Allowed, Given.Visitor(), Given.Ct)); // a page loaded again
    }

    [Fact]
    public async Task C_21_gives_the_browser_that_denied_it_the_same_denial_again()
    {
        var denied = Given.Request(answeredAt: Given.Now);
        Assert.Equal("access_denied", Assert.IsType<AuthorizeStep.Redirect>(await RepeatAsync(denied, null)).Error?.Code);
        AssertAnswered(await RepeatAsync(denied, Read));
    }

    [Fact]
    public async Task C_21_takes_no_other_answer_than_the_first()
    {
        AssertAnswered(await RepeatAsync(Allowed, null));
        AssertAnswered(await RepeatAsync(Allowed, ScopeSet.Of(ScopeSet.Read, ScopeSet.Write)));
    }

    [Fact]
    public async Task C_21_repeats_nothing_after_a_minute() => AssertAnswered(await RepeatAsync(Allowed, Read, Given.Now.AddMinutes(1)));

    [Fact]
    public async Task C_21_repeats_no_code_that_was_used_has_expired_or_is_worth_nothing_any_more()
    {
        AssertAnswered(await RepeatAsync(Allowed, Read, code: Code(redeemedAt: Given.Now)));
        AssertAnswered(await RepeatAsync(Allowed, Read, code: Code(expiresAt: Given.Now)));
        AssertAnswered(await RepeatAsync(Allowed, Read, grant: Given.Grant(revokedAt: Given.Now)));
        AssertAnswered(await RepeatAsync(Allowed with { CodeSalt = "other" }, Read));
    }

    [Fact]
    public async Task C_21_repeats_no_code_for_who_is_somebody_else_by_now()
    {
        AssertAnswered(await RepeatAsync(Allowed, Read, visitor: Given.Visitor(subject: "usr_bob")));
        AssertAnswered(await RepeatAsync(Allowed, Read, visitor: Given.Visitor(subject: null)));
        AssertAnswered(await RepeatAsync(Allowed, Read, visitor: Given.Visitor(browser: new Secret("other"))));
    }

    [Fact]
    public async Task C_21_the_slower_of_two_answers_at_once_gets_what_the_faster_one_got()
    {
        requests.FindAsync("request-1", Given.Ct).Returns(Allowed);
        var step = await Given.Answers(requests, Code()).FollowAsync(Given.Request(), Given.Visitor(), Read, Given.Ct);
        Assert.Equal(Issued, Assert.IsType<AuthorizeStep.Redirect>(step).Response.Code);
    }

    private static AuthorizationCode Code(DateTimeOffset? expiresAt = null, DateTimeOffset? redeemedAt = null) =>
        Given.Code(value: Issued, expiresAt: expiresAt, redeemedAt: redeemedAt);

    private Task<AuthorizeStep> RepeatAsync(
        AuthorizationRequest request,
        ScopeSet? scope,
        DateTimeOffset? now = null,
        AuthorizationCode? code = null,
        Grant? grant = null,
        Visitor? visitor = null
    ) => Given.Answers(requests, code ?? Code(), grant, now).RepeatAsync(request, visitor ?? Given.Visitor(), scope, Given.Ct);

    private static void AssertAnswered(AuthorizeStep step) =>
        Assert.Equal(AuthorizationRequest.AlreadyAnswered, Assert.IsType<AuthorizeStep.Refuse>(step).Reason);
}
