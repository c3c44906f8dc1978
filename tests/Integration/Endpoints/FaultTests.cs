using Microsoft.EntityFrameworkCore;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>A fault of ours, here a stored row that cannot be read: the answer says that there is one, and nothing of it.</summary>
public sealed class FaultTests
{
    [Fact]
    public async Task A_fault_shows_its_reference_and_not_its_message()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        await server.InDatabaseAsync(db =>
            db.Database.ExecuteSqlRawAsync(
                "UPDATE \"Clients\" SET \"RedirectUris\" = 'broken-canary'",
                TestContext.Current.CancellationToken
            )
        );

        using var answer = await client.RefreshAsync("x");
        await answer.AssertErrorAsync(500, "server_error");
        Assert.Equal(["error", "error_description", "trace_id"], (await answer.JsonAsync()).Select(member => member.Key));
        await AssertSilentAsync(answer);
        using var http = server.Http();
        http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        using var page = await http.GetAsync(client.AuthorizationUrl(), TestContext.Current.CancellationToken);
        await page.AssertPageAsync(500);
        await AssertSilentAsync(page);
        Assert.Contains(
            "Exception: ",
            await server.Log.NextAsync(line => line.Contains(" 500 ", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
    }

    private static async Task AssertSilentAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("invalid start", body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("exception", body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", body, StringComparison.Ordinal);
    }
}
