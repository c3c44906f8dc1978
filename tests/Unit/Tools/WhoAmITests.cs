using NSubstitute;
using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Tools;

public sealed class WhoAmITests
{
    private readonly ITokenContext context = Substitute.For<ITokenContext>();

    [Fact]
    public async Task Tells_all_that_the_token_says()
    {
        context.Caller.Returns(
            new Caller(new Secret("token-canary"))
            {
                Subject = Given.Subject,
                UserName = "alice",
                ClientId = Given.ClientId,
                Issuer = Given.Issuer,
                Audience = Given.Resource,
                Scope = ScopeSet.Of("mcp.read", "mcp.write"),
                ExpiresAt = Given.Now,
            }
        );
        var me = (await AskAsync()).Value!;
        Assert.Equal(new Identity(Given.Subject, "alice", Given.ClientId, Given.Issuer, Given.Resource, me.Scopes, Given.Now), me);
        Assert.Equal(["mcp.read", "mcp.write"], me.Scopes);
    }

    [Fact]
    public async Task Leaves_out_what_the_transport_cannot_know()
    {
        context.Caller.Returns(Given.Caller("token-canary"));
        var me = (await AskAsync()).Value!;
        Assert.Equal(new Identity(Given.Subject, null, null, null, null, me.Scopes, null), me);
    }

    [Fact]
    public async Task Says_how_to_get_a_token_when_there_is_none()
    {
        context.Caller.Returns((Caller?)null);
        Assert.Equal("There is no token: set the API_KEY environment variable of this server.", (await AskAsync()).Failure);
    }

    private Task<ToolOutcome<Identity>> AskAsync() => new WhoAmIHandler(context).Handle(new WhoAmIQuery(), Given.Ct);
}
