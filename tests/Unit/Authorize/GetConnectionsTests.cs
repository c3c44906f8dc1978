using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Authorize;

public sealed class GetConnectionsTests
{
    private readonly IConnections connections = Substitute.For<IConnections>();

    [Fact]
    public async Task Describes_clients_the_latest_first_and_those_that_are_gone_too()
    {
        connections
            .ListAsync(Given.Subject, Given.Now, Given.Ct)
            .Returns([
                new Connection("cli_gone", ScopeSet.Of("mcp.read"), Given.Now.AddDays(-3), null),
                new Connection(Given.ClientId, ScopeSet.Of("mcp.read"), Given.Now.AddDays(-9), Given.Now.AddDays(-1)),
            ]);
        var views = await new GetConnectionsHandler(connections, Given.Directory(Given.Client()), new FakeTimeProvider(Given.Now)).Handle(
            new GetConnectionsQuery(Given.Subject),
            Given.Ct
        );
        Assert.Equal(
            [(Given.ClientId, "App", "app.example"), ("cli_gone", null, "")],
            views.Select(view => (view.ClientId, view.ClientName, string.Join(' ', view.RedirectHosts)))
        );
    }
}
