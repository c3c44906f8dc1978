using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>openid-client: a library that checks what an OAuth server says, for any server and not for ours.</summary>
public sealed class OpenIdClientTests(SharedDocuments shared) : IClassFixture<SharedDocuments>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Signs_in_calls_tools_refreshes_and_revokes(bool isDescribed)
    {
        Requires.Package("openid-client");
        var document = isDescribed ? shared.Host.PublishForLoopback() : null;
        await using var client = DrivenClient.Start("openid.mjs", shared.Server.Resource, document);
        using var browser = shared.Server.Browser();
        await client.SignInAsync(browser);
        var tokens = await client.SaysAsync("tokens");
        Assert.Equal(isDescribed, (string?)(await client.SaysAsync("client"))["client_id"] == document);
        await client.UseToolsAsync();
        if (!isDescribed)
            Assert.True(await IsActiveAsync(client)); // a client without a secret may not ask (I-01)

        shared.Server.Clock.Advance(TimeSpan.FromHours(2));
        await client.CallAsync("who_am_i");
        Assert.NotEqual((string?)tokens["refresh_token"], (string?)(await client.SaysAsync("tokens"))["refresh_token"]);

        await client.WishAsync("revoke");
        await client.SaysAsync("revoked");
        if (!isDescribed)
            Assert.False(await IsActiveAsync(client));
        await client.WishAsync("who_am_i");
        Assert.Equal("invalid_grant", (string?)await client.SaysAsync("refused"));
    }

    private static async Task<bool> IsActiveAsync(DrivenClient client)
    {
        await client.WishAsync("introspect");
        return (bool)(await client.SaysAsync("introspected"))["active"]!;
    }
}
