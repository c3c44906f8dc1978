namespace OAuthMcp.Integration.Hosting;

/// <summary>The verbs that end what an account may do, beside a running server.</summary>
public sealed class AccountCommandTests : IAsyncLifetime
{
    private const string NewPassword = "another horse battery";
    private TestServer server = null!;

    public async ValueTask InitializeAsync() => server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task R_11_B_11_a_disabled_account_is_shut_out_at_once()
    {
        using var client = await TestClient.RegisterAsync(server);
        var (access, refresh) = await client.SignInAsync();
        var (others, _) = await client.SignInAsync("bob");
        Assert.Equal((0, "Disabled ALICE.\n", ""), await RunAsync(["disable", "ALICE"]));
        Assert.False(await server.AcceptsAsync(access));
        await (await client.RefreshAsync(refresh)).AssertErrorAsync(400, "invalid_grant");
        Assert.True(await server.AcceptsAsync(others));

        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        await browser.SignInAsync();
        Assert.NotNull(browser.Page!.QuerySelector("[name=password]"));
        Assert.Matches("^usr_[A-Za-z0-9_-]+  alice  disabled\nusr_[A-Za-z0-9_-]+  bob\n$", (await RunAsync(["list"])).Output);
    }

    [Fact]
    public async Task R_11_a_new_password_ends_what_was_allowed_under_the_old_one()
    {
        using var client = await TestClient.RegisterAsync(server);
        var (access, refresh) = await client.SignInAsync();
        var (others, _) = await client.SignInAsync("bob");
        Assert.Equal(
            (0, "Changed the password of alice. Ended every session and 1 grant.\n", ""),
            await RunAsync(["set-password", "alice"], NewPassword + "\n")
        );
        Assert.False(await server.AcceptsAsync(access));
        await (await client.RefreshAsync(refresh)).AssertErrorAsync(400, "invalid_grant");
        Assert.True(await server.AcceptsAsync(others));

        using var browser = server.Browser();
        await browser.OpenAsync(client.AuthorizationUrl());
        await browser.SignInAsync();
        Assert.NotNull(browser.Page!.QuerySelector("[name=password]"));
        await browser.SignInAsync("alice", NewPassword);
        Assert.Null(browser.Page!.QuerySelector("[name=password]"));
    }

    [Fact]
    public async Task L14_an_enabled_account_signs_in_again_and_what_it_had_allowed_stays_ended()
    {
        using var client = await TestClient.RegisterAsync(server);
        var (access, refresh) = await client.SignInAsync();
        Assert.Equal((0, "Disabled alice.\n", ""), await RunAsync(["disable", "alice"]));
        Assert.Equal((0, "Enabled alice.\n", ""), await RunAsync(["enable", "alice"]));
        Assert.False(await server.AcceptsAsync(access));
        await (await client.RefreshAsync(refresh)).AssertErrorAsync(400, "invalid_grant");
        Assert.True(await server.AcceptsAsync((await client.SignInAsync()).Access));
    }

    [Fact]
    public async Task L14_who_lost_a_factor_signs_in_with_the_password_alone_and_every_session_ends()
    {
        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        await browser.SignInAsync();
        Assert.Equal(
            (0, "Reset the factors of alice: authenticator app, recovery codes and passkeys are gone, and every session has ended.\n", ""),
            await RunAsync(["reset-factors", "alice"])
        );
        await browser.OpenAsync("/account");
        Assert.Equal("/signin", browser.Location.AbsolutePath);
        await browser.SignInAsync();
        Assert.Equal("/account", browser.Location.AbsolutePath);
    }

    [Fact]
    public async Task L14_a_deleted_account_is_nobody_and_its_name_is_free()
    {
        using var client = await TestClient.RegisterAsync(server);
        var (access, refresh) = await client.SignInAsync();
        var (others, _) = await client.SignInAsync("bob");
        Assert.Equal((0, "Deleted alice.\n", ""), await RunAsync(["delete", "alice"]));
        Assert.False(await server.AcceptsAsync(access));
        await (await client.RefreshAsync(refresh)).AssertErrorAsync(400, "invalid_grant");
        Assert.True(await server.AcceptsAsync(others));
        Assert.Matches(
            """^[{]"subject":"usr_[A-Za-z0-9_-]+","user_name":"alice"[}]\n$""",
            (await RunAsync(["add", "alice", "--json"], NewPassword + "\n")).Output
        );
        Assert.False(await server.AcceptsAsync(access));
    }

    [Theory]
    [InlineData("enable", "nobody", "", "There is no account nobody.")]
    [InlineData("delete", "nobody", "", "There is no account nobody.")]
    [InlineData("reset-factors", "nobody", "", "There is no account nobody.")]
    [InlineData("disable", "nobody", "", "There is no account nobody.")]
    [InlineData("set-password", "nobody", NewPassword + "\n", "There is no account of that name.")]
    [InlineData("set-password", "alice", "short\n", "The password must have 8 to 1024 characters.")]
    [InlineData("set-password", "alice", "", "The password is empty.")]
    public async Task Refuses_with_one_sentence_and_changes_nothing(string verb, string name, string input, string sentence)
    {
        Assert.Equal((1, "", sentence + "\n"), await RunAsync([verb, name], input));
        using var client = await TestClient.RegisterAsync(server);
        Assert.True(await server.AcceptsAsync((await client.SignInAsync()).Access));
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(string[] arguments, string input = "") =>
        ServerProcess.RunAsync(["users", .. arguments, $"--Server:DataDirectory={server.DataDirectory}"], input);
}
