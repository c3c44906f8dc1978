namespace OAuthMcp.Integration.Hosting;

/// <summary>The verbs that manage accounts, beside a running server.</summary>
public sealed class UserCommandTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async ValueTask InitializeAsync() => server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("carol", "a long enough one", "a long enough one\n")]
    [InlineData("dörte", "pässwörter mit   leerzeichen ", "pässwörter mit   leerzeichen \nsecond line\n")]
    public async Task An_added_account_signs_in(string name, string password, string input)
    {
        var (exitCode, output, error) = await AddAsync(name, input);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Matches($@"^Added {name} \(usr_[A-Za-z0-9_-]+\)\.\n$", output);

        using var app = await TestClient.RegisterAsync(server);
        using var browser = server.Browser();
        await browser.OpenAsync(app.AuthorizationUrl());
        await browser.SignInAsync(name, password + "!");
        Assert.NotNull(browser.Page!.QuerySelector("[name=password]"));
        await browser.SignInAsync(name, password);
        Assert.Null(browser.Page!.QuerySelector("[name=password]"));
        Assert.StartsWith(TestClient.RedirectUri, (await browser.SubmitAsync("Allow")).Location.AbsoluteUri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("d\u00F6rte", "p\u00E4ssw\u00F6rter", "do\u0308rte", "pa\u0308sswo\u0308rter")]
    [InlineData("do\u0308rte", "pa\u0308sswo\u0308rter", "d\u00F6rte", "p\u00E4ssw\u00F6rter")]
    public async Task K_51_an_account_signs_in_however_name_and_password_are_composed(
        string name,
        string password,
        string typedName,
        string typedPassword
    )
    {
        Assert.Equal(0, (await AddAsync(name, password + "\n")).ExitCode);
        Assert.Equal(1, (await AddAsync(typedName, password + "\n")).ExitCode); // it is the same name
        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        await browser.SignInAsync(typedName, typedPassword);
        Assert.Equal("/", browser.Location.AbsolutePath);
    }

    [Theory]
    [InlineData("alice", "a long enough one\n", "An account of that name exists.")]
    [InlineData("ALICE", "a long enough one\n", "An account of that name exists.")]
    [InlineData("dave", "short\n", "The password must have 8 to 1024 characters.")]
    [InlineData("dave", "Password123\n", "The password is one of the most common ones.")]
    [InlineData("dave", "dave-2026!\n", "The password is little more than the user name or the name of this server.")]
    [InlineData("dave", "\n", "The password is empty.")]
    [InlineData("dave", "", "The password is empty.")]
    [InlineData("", "a long enough one\n", "The user name is missing.")]
    public async Task Refuses_with_one_sentence(string name, string input, string sentence) =>
        Assert.Equal((1, "", sentence + "\n"), await AddAsync(name, input));

    private Task<(int ExitCode, string Output, string Error)> AddAsync(string name, string input) =>
        ServerProcess.RunAsync(["users", "add", name, $"--Server:DataDirectory={server.DataDirectory}"], input);
}
