using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>What is over once an account is unlinked: here, at the provider, and for the tools.</summary>
public sealed class UnlinkTests
{
    [Fact]
    public async Task Unlinks_an_account_forgets_its_token_and_says_so_to_the_provider()
    {
        var gitLab = await OidcStandIn.StartAsync();
        await using var upstream = await UpstreamServer.StartAsync(gitLab.Endpoints, "gitlab", ("Accounts:Local", "true"));
        using var client = await TestClient.RegisterAsync(upstream.Server);
        var (token, _) = await client.SignInAsync("alice");
        (await LinkTests.LinkAsync(upstream, "alice", "gitlab")).Dispose();
        Assert.NotEqual(true, (await upstream.CallAsync(token)).IsError);

        await UnlinkAsync(upstream, token, "gitlab");
        Assert.Equal(0, await upstream.Server.InDatabaseAsync(db => db.UpstreamTokens.CountAsync(TestContext.Current.CancellationToken)));
        Assert.Equal(0, await LinkTests.LoginsAsync(upstream)); // alice has her password
        Assert.Equal(1, gitLab.Endpoints.Asked("/oauth/revoke"));
        Assert.True((await upstream.CallAsync(token)).IsError);
        Assert.Single(upstream.Arrived);
    }

    [Fact]
    public async Task Unlinks_an_account_and_ends_its_token_at_GitHub()
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        var token = await upstream.SignInAsync();
        var there = Assert.Single(upstream.Provider.AccessTokens);
        await UnlinkAsync(upstream, token, "github");
        Assert.Null(upstream.Provider.OwnerOf(there));
    }

    [Fact]
    public async Task Unlinking_leaves_the_only_way_in()
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        var token = await upstream.SignInAsync();
        await UnlinkAsync(upstream, token, "github");
        Assert.Equal(
            (0, 1),
            (
                await upstream.Server.InDatabaseAsync(db => db.UpstreamTokens.CountAsync(TestContext.Current.CancellationToken)),
                await LinkTests.LoginsAsync(upstream)
            )
        );
        Assert.True((await upstream.CallAsync(token)).IsError);

        Assert.Equal((string?)ForgedToken.Claims(token)["sub"], (string?)ForgedToken.Claims(await upstream.SignInAsync())["sub"]);
        Assert.NotEqual(true, (await upstream.CallAsync(token)).IsError);
    }

    [Fact]
    public async Task Unlinks_though_the_provider_cannot_be_told()
    {
        var gitLab = await OidcStandIn.StartAsync();
        await using var upstream = await UpstreamServer.StartAsync(gitLab.Endpoints, "gitlab");
        var token = await upstream.SignInAsync();
        gitLab.Endpoints.Break("/oauth/revoke", http => UpstreamStandIn.AnswerJsonAsync(http, new { error = "server_error" }, 500));
        await UnlinkAsync(upstream, token, "gitlab");
        Assert.True((await upstream.CallAsync(token)).IsError);
    }

    internal static async Task UnlinkAsync(UpstreamServer upstream, string token, string provider)
    {
        await using var scope = upstream.Server.App.Services.CreateAsyncScope();
        var unlinked = await scope
            .ServiceProvider.GetRequiredService<IMediator>()
            .Send(new UnlinkAccountCommand((string)ForgedToken.Claims(token)["sub"]!, provider), TestContext.Current.CancellationToken);
        Assert.Null(unlinked.Error);
    }
}
