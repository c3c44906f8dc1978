namespace OAuthMcp.Integration.Hosting;

/// <summary>A consent page in front of a signed-in user, and what a refused answer leaves of it.</summary>
internal static class ConsentAnswers
{
    public static async Task<TestBrowser> AskAsync(
        this TestServer server,
        TestClient client,
        string user = "alice",
        params (string Name, string? Value)[] parameters
    )
    {
        var browser = server.Browser();
        await browser.OpenAsync(client.AuthorizationUrl(parameters));
        return await browser.SignInAsync(user);
    }

    public static async Task AssertUnansweredAsync(this TestServer server, TestBrowser browser, HttpResponseMessage refused)
    {
        using (refused)
            await refused.AssertPageAsync();
        await server.AssertAnswerableAsync(browser);
    }

    /// <summary>Whatever was refused before left no grant behind and did not use the request up.</summary>
    public static async Task AssertAnswerableAsync(this TestServer server, TestBrowser browser)
    {
        var (before, client) = (await server.RowsAsync(), browser.Page!.QuerySelector("dd code")!.TextContent);
        Assert.Equal(0, await server.InDatabaseAsync(db => Task.FromResult(db.AuthorizationCodes.Count(code => code.ClientId == client))));
        await browser.SubmitAsync("Allow");
        Assert.StartsWith(TestClient.RedirectUri + "?code=", browser.Location.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal(before with { Codes = before.Codes + 1, Grants = before.Grants + 1 }, await server.RowsAsync());
    }
}
