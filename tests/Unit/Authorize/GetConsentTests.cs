using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Authorize;

public sealed class GetConsentTests
{
    private readonly IAuthorizationRequestStore requests = Substitute.For<IAuthorizationRequestStore>();
    private readonly IConsentStore consents = Substitute.For<IConsentStore>();

    public GetConsentTests() => requests.FindAsync("request-1", Arg.Any<CancellationToken>()).Returns(Given.Request());

    [Fact]
    public async Task C_10_shows_who_asks_for_what_and_where_the_answer_goes()
    {
        var view = Given.Served(await GetAsync(Given.Visitor()));
        Assert.Equal(
            new ConsentView(
                Given.ClientId,
                "App",
                null,
                "app.example",
                false,
                false,
                view.RequiredScope,
                view.OptionalScope,
                Given.Resource,
                null,
                null,
                Given.Now + Given.Settings.GrantLifetime
            ),
            view
        );
        Assert.Equal(("mcp.read", ""), (view.RequiredScope.ToString(), view.OptionalScope.ToString()));
    }

    [Theory]
    [InlineData("mcp.write mcp.read", "mcp.read", "mcp.write")]
    [InlineData("mcp.write", "mcp.read", "mcp.write")]
    [InlineData("a b", "", "a b")]
    public async Task Leaves_the_user_a_choice_about_all_but_what_the_endpoint_needs(string asked, string required, string optional)
    {
        requests
            .FindAsync("request-1", Arg.Any<CancellationToken>())
            .Returns(Given.Request() with { Scope = ScopeSet.Of(asked.Split(' ')) });
        var view = Given.Served(await GetAsync(Given.Visitor()));
        Assert.Equal((required, optional), (view.RequiredScope.ToString(), view.OptionalScope.ToString()));
    }

    [Fact]
    public async Task Tells_loopback_and_vouched_for_clients_apart()
    {
        requests
            .FindAsync("request-1", Arg.Any<CancellationToken>())
            .Returns(Given.Request() with { RedirectUri = "http://127.0.0.1:5000/cb" });
        var view = Given.Served(await GetAsync(Given.Visitor(), Given.Client(preRegistered: true)));
        Assert.Equal((true, true, "127.0.0.1:5000"), (view.IsLoopback, view.IsPreRegistered, view.RedirectHost));
    }

    [Fact]
    public async Task Says_what_was_allowed_before()
    {
        consents.FindAsync(Given.Visitor().Subject!, Given.ClientId, Arg.Any<CancellationToken>()).Returns(Given.Consent("mcp.read"));
        Assert.Equal("mcp.read", Given.Served(await GetAsync(Given.Visitor())).AllowedBefore?.ToString());
    }

    [Fact]
    public async Task Counts_nothing_as_allowed_before_once_it_has_ended_or_the_client_calls_itself_something_else()
    {
        consents
            .FindAsync(Given.Visitor().Subject!, Given.ClientId, Arg.Any<CancellationToken>())
            .Returns(Given.Consent("mcp.read", expiresAt: Given.Now), Given.Consent("mcp.read", Given.Client() with { Name = "Other" }));
        Assert.Null(Given.Served(await GetAsync(Given.Visitor())).AllowedBefore);
        Assert.Null(Given.Served(await GetAsync(Given.Visitor())).AllowedBefore);
    }

    [Fact]
    public async Task C_04_shows_another_browser_nothing() =>
        Assert.Equal("access_denied", Given.Refusal(await GetAsync(Given.Visitor(browser: new Secret("other")))).Code);

    [Fact]
    public async Task A_23_shows_nothing_for_a_client_disabled_meanwhile() =>
        Assert.Equal(
            "The application is no longer registered here.",
            Given.Refusal(await GetAsync(Given.Visitor(), Given.Client(disabledAt: Given.Now))).Description
        );

    private Task<Result<ConsentView>> GetAsync(Visitor visitor, Client? client = null) =>
        new GetConsentHandler(
            Given.Open(requests),
            Given.Directory(client ?? Given.Client()),
            consents,
            Given.Settings,
            new FakeTimeProvider(Given.Now)
        ).Handle(new GetConsentQuery("request-1", visitor), Given.Ct);
}
