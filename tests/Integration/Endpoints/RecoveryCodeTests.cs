using System.Net;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Integration.Hosting;
using static OAuthMcp.Integration.Hosting.AuthenticatorApp;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>Codes that are good for once: those of the app, and those for the day that it is lost.</summary>
public sealed class RecoveryCodeTests
{
    [Fact]
    public async Task Takes_each_recovery_code_once_however_it_is_typed()
    {
        await using var server = await TestServer.StartAsync();
        var (_, recoveryCodes) = await SetUpAsync(server);
        using var browser = await EnterPasswordAsync(server);
        await browser.SubmitAsync("Sign in", ("code", $" {recoveryCodes[3].ToUpperInvariant().Replace('-', ' ')} "));
        Assert.Equal("/", browser.Location.AbsolutePath);
        await browser.OpenAsync("/account");
        Assert.Contains("Unused recovery codes: 9", browser.Text, StringComparison.Ordinal);

        using var again = await EnterPasswordAsync(server);
        await again.SubmitAsync("Sign in", ("code", recoveryCodes[3]));
        await AssertWrongAsync(again);
        await again.SubmitAsync("Sign in", ("code", recoveryCodes[4]));
        Assert.Equal("/", again.Location.AbsolutePath);
    }

    [Fact]
    public async Task Makes_new_recovery_codes_in_the_place_of_the_old_ones()
    {
        await using var server = await TestServer.StartAsync();
        var (_, old) = await SetUpAsync(server);
        using var browser = await EnterPasswordAsync(server, "/account");
        await browser.SubmitAsync("Sign in", ("code", old[0]));
        await browser.SubmitAsync("Make new recovery codes");
        var renewed = browser.Page!.QuerySelectorAll(".codes code").Select(code => code.TextContent).ToList();
        Assert.Equal(10, renewed.Except(old).Count());
        await browser.OpenAsync("/account");
        Assert.Contains("Unused recovery codes: 10", browser.Text, StringComparison.Ordinal);

        using var again = await EnterPasswordAsync(server);
        await again.SubmitAsync("Sign in", ("code", old[1]));
        await AssertWrongAsync(again);
        await again.SubmitAsync("Sign in", ("code", renewed[1]));
        Assert.Equal("/", again.Location.AbsolutePath);
    }

    [Fact]
    public async Task Makes_no_recovery_codes_for_who_has_no_app()
    {
        await using var server = await TestServer.StartAsync();
        using var browser = await OpenAccountAsync(server);
        await browser.PostAsync("/account/recovery-codes");
        Assert.Equal("/account", browser.Location.AbsolutePath);
        Assert.Equal(0, await server.InDatabaseAsync(db => db.RecoveryCodes.CountAsync(TestContext.Current.CancellationToken)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Takes_a_code_once_from_sign_ins_that_come_at_once(bool isRecoveryCode)
    {
        await using var server = await TestServer.StartAsync();
        var (key, recoveryCodes) = await SetUpAsync(server);
        server.Clock.Advance(Step);
        using var browser = await EnterPasswordAsync(server);
        var form = browser.Form(("code", isRecoveryCode ? recoveryCodes[0] : CodeNow(server, key)));
        var answers = await Task.WhenAll(
            Enumerable.Range(0, MaxAttempts - 1).Select(_ => server.PostFormAsync("/signin/code", form, browser.Cookies))
        );
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.SeeOther);
        foreach (var answer in answers)
            answer.Dispose();
    }
}
