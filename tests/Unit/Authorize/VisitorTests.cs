using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Authorize;

public sealed class VisitorTests
{
    [Fact]
    public void May_act_on_the_request_of_its_own_browser() => Assert.Null(Given.Visitor().Refuse(Given.Request(), Given.Now));

    [Fact]
    public void May_act_before_anybody_has_signed_in() => Assert.Null(Given.Visitor(subject: null).Refuse(Given.Request(), Given.Now));

    [Fact]
    public void C_04_may_not_act_on_the_request_of_another_browser()
    {
        var refusal = Given.Visitor(browser: TokenHash.Of(new Secret("other"))).Refuse(Given.Request(), Given.Now);
        Assert.Equal("access_denied", refusal?.Code);
        Assert.Equal("binding cookie missing or different", refusal?.Detail);
    }

    [Fact]
    public void C_04_may_not_act_without_the_binding_cookie() =>
        Assert.Equal("access_denied", (Given.Visitor() with { Browser = null }).Refuse(Given.Request(), Given.Now)?.Code);

    [Fact]
    public void C_05_may_not_act_on_an_unknown_or_expired_request()
    {
        Assert.Equal("This sign-in has expired.", Given.Visitor().Refuse(null, Given.Now)?.Description);
        Assert.Equal("This sign-in has expired.", Given.Visitor().Refuse(Given.Request(), Given.Now.AddMinutes(10))?.Description);
    }

    [Fact]
    public void C_21_may_not_act_on_an_answered_request() =>
        Assert.Equal(
            "This request was already answered.",
            Given.Visitor().Refuse(Given.Request(answeredAt: Given.Now), Given.Now)?.Description
        );

    [Fact]
    public void C_04_learns_nothing_of_an_answer_given_in_another_browser() =>
        Assert.Equal(
            "access_denied",
            Given.Visitor(browser: TokenHash.Of(new Secret("other"))).Refuse(Given.Request(answeredAt: Given.Now), Given.Now)?.Code
        );
}
