using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>Kimi Code and other command lines that keep what they registered. Profile of 2026-11.</summary>
public sealed class KimiProfile
{
    // kimi-code#2606, chatcli PR#1308, supabase/mcp#355, fastmcp#2027: a stored client_id is used for years.
    [Fact]
    public async Task Keeps_its_registration_forever()
    {
        await using var own = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(own);
        var (_, refresh) = await client.SignInAsync();
        for (var day = 0; day < 3; day++)
        {
            own.Clock.Advance(TimeSpan.FromHours(25));
            using var refreshed = await client.RefreshAsync(refresh);
            Assert.Equal(200, (int)refreshed.StatusCode);
            refresh = (string)(await refreshed.JsonAsync())["refresh_token"]!;
        }

        await own.SignInAsync(client, TestClient.RedirectUri, "mcp.read", own.Resource);
    }
}
