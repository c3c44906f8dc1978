using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Authorize;

public sealed class ConsentTests
{
    [Theory]
    [InlineData("mcp.read", "mcp.read", true)]
    [InlineData("mcp.read mcp.write", "mcp.read", true)]
    [InlineData("mcp.write", "mcp.read", true)]
    [InlineData("mcp.read", "mcp.read mcp.write", false)]
    [InlineData("mcp.read", "mcp.write", false)]
    public void Answers_a_request_for_no_more(string allowed, string asked, bool answers) =>
        Assert.Equal(
            answers,
            Given.Consent(allowed).Answers(Given.Request() with { Scope = ScopeSet.Of(asked.Split(' ')) }, Given.Client(), Given.Now)
        );

    [Fact]
    public void C_09_answers_nothing_that_the_user_has_to_be_asked() =>
        Assert.False(Given.Consent().Answers(Given.Request() with { RequiresConsent = true }, Given.Client(), Given.Now));

    [Theory]
    [InlineData("https://app.example/callback", true)]
    [InlineData("HTTPS://app.example/callback", true)]
    [InlineData("http://127.0.0.1:5000/cb", false)]
    [InlineData("http://localhost/cb", false)]
    [InlineData("cursor://host/cb", false)]
    [InlineData("com.example.app:/cb", false)]
    public void C_09_answers_only_where_nobody_else_can_take_the_code(string redirectUri, bool answers) =>
        Assert.Equal(answers, Given.Consent().Answers(Given.Request() with { RedirectUri = redirectUri }, Given.Client(), Given.Now));

    [Fact]
    public void Ends_when_a_grant_would()
    {
        Assert.True(Given.Consent(expiresAt: Given.Now.AddTicks(1)).Answers(Given.Request(), Given.Client(), Given.Now));
        Assert.False(Given.Consent(expiresAt: Given.Now).Answers(Given.Request(), Given.Client(), Given.Now));
    }

    public static TheoryData<object> Changed() =>
        [
            Given.Client() with
            {
                Name = "Other",
            },
            Given.Client() with
            {
                Name = null,
            },
            Given.Client() with
            {
                RedirectUris = [Given.Callback, "https://other.example/callback"],
            },
            Given.Client() with
            {
                ClientUri = "https://other.example",
            },
            Given.Client() with
            {
                Origin = ClientOrigin.MetadataDocument,
            },
            Given.Client() with
            {
                Jwks = "{}",
            },
            Given.Client() with
            {
                JwksUri = "https://other.example/keys",
            },
            Given.Client() with
            {
                TokenEndpointAuthMethod = AuthMethods.None,
            },
            Given.Client() with
            {
                OtherAuthMethods = [AuthMethods.None],
            },
            Given.Client() with
            {
                ApplicationType = "native",
            },
        ];

    [Theory]
    [MemberData(nameof(Changed))]
    public void Ends_when_the_client_says_something_else_of_itself(object changed) =>
        Assert.False(Given.Consent().Answers(Given.Request(), (Client)changed, Given.Now));

    [Fact]
    public void Outlives_what_the_client_does_not_say() =>
        Assert.True(
            Given
                .Consent()
                .Answers(
                    Given.Request(),
                    Given.Client() with
                    {
                        SecretHash = TokenHash.Of(new Secret("new")),
                        FreshUntil = Given.Now.AddDays(1),
                        CreatedAt = Given.Now,
                    },
                    Given.Now
                )
        );
}
