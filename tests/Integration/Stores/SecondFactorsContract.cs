using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Integration.Stores;

/// <summary>Also of the recovery codes, which are one half of it.</summary>
public abstract class SecondFactorsContract(StoreFixture stores)
{
    [Fact]
    public async Task Turns_on_what_was_proposed_once()
    {
        var account = await stores.AccountAsync();
        Assert.False(await TurnOnAsync(account.Subject, []));
        var key = AuthenticatorKey.Generate();
        await stores.InAsync((ISecondFactors factors) => factors.ProposeAsync(account.Subject, key, Rows.Ct));
        var proposed = await FindAsync(account.Subject);
        Assert.Equal((false, key.Text()), (proposed.IsOn, proposed.Proposed?.Text()));
        Assert.True(await TurnOnAsync(account.Subject, [Rows.Hash(), Rows.Hash()]));
        Assert.False(await TurnOnAsync(account.Subject, [Rows.Hash()]));
        Assert.Equal(new SecondFactor(true, null, 2), await FindAsync(account.Subject));
        await stores.InAsync((ISecondFactors factors) => factors.ProposeAsync(account.Subject, AuthenticatorKey.Generate(), Rows.Ct));
        Assert.IsType<SignInOutcome.SignedIn>(await CheckAsync(account.Subject, new Secret(key.CodeAt(stores.Now))));
        await stores.InAsync((ISecondFactors factors) => factors.TurnOffAsync(account.Subject, Rows.Ct));
        Assert.Equal(new SecondFactor(false, null, 0), await FindAsync(account.Subject));
    }

    [Fact]
    public async Task Takes_a_code_once_of_8_that_come_at_once()
    {
        var (subject, key, recovery) = await FactorAsync();
        foreach (var code in new[] { new Secret(key.CodeAt(stores.Now)), recovery })
        {
            var outcomes = await stores.RaceAsync(8, (ISecondFactors factors, int _) =>
                factors.CheckCodeAsync(subject, code, SignInSource.Unknown, Rows.Ct)
            );
            Assert.Single(outcomes, outcome => outcome is SignInOutcome.SignedIn);
        }

        Assert.Equal(0, (await FindAsync(subject)).RecoveryCodesLeft);
    }

    [Fact]
    public async Task Locks_after_ten_wrong_codes_however_they_come()
    {
        var (subject, key, _) = await FactorAsync();
        var wrong = new Secret(key.CodeAt(stores.Now.AddHours(1)));
        var outcomes = await stores.RaceAsync(16, (ISecondFactors factors, int _) =>
            factors.CheckCodeAsync(subject, wrong, SignInSource.Unknown, Rows.Ct)
        );
        Assert.Equal(10, outcomes.Count(outcome => outcome is SignInOutcome.WrongPassword));
        Assert.IsType<SignInOutcome.LockedOut>(await CheckAsync(subject, new Secret(key.CodeAt(stores.Now))));
    }

    [Fact]
    public async Task Replaces_recovery_codes_as_one_set_while_the_factor_is_on()
    {
        var (subject, _, old) = await FactorAsync();
        var fresh = RecoveryCode.Generate();
        Assert.True(await ReplaceAsync(subject, fresh));
        Assert.IsNotType<SignInOutcome.SignedIn>(await CheckAsync(subject, old));
        Assert.IsType<SignInOutcome.SignedIn>(await CheckAsync(subject, fresh));
        Assert.False(await ReplaceAsync((await stores.AccountAsync()).Subject, fresh));
    }

    [Fact]
    public async Task Old_recovery_codes_are_dead_after_the_factor_was_turned_off_and_on_again()
    {
        var (subject, _, old) = await FactorAsync();
        await stores.InAsync((ISecondFactors factors) => factors.TurnOffAsync(subject, Rows.Ct));
        await stores.InAsync((ISecondFactors factors) => factors.ProposeAsync(subject, AuthenticatorKey.Generate(), Rows.Ct));
        Assert.True(await TurnOnAsync(subject, [RecoveryCode.HashOf(RecoveryCode.Generate())]));
        Assert.IsType<SignInOutcome.WrongPassword>(await CheckAsync(subject, old));
        Assert.Equal(1, (await FindAsync(subject)).RecoveryCodesLeft);
    }

    [Fact]
    public async Task L14_an_operator_takes_every_factor_of_an_account_away_and_of_no_other()
    {
        var account = await stores.AccountAsync();
        var (other, _, _) = await FactorAsync();
        await stores.InAsync((ISecondFactors factors) => factors.ProposeAsync(account.Subject, AuthenticatorKey.Generate(), Rows.Ct));
        Assert.True(await TurnOnAsync(account.Subject, [Rows.Hash()]));
        foreach (var subject in new[] { account.Subject, other })
            await stores.AddPasskeyAsync(subject);

        Assert.True(await ResetAsync(account.UserName));
        Assert.Equal(new SecondFactor(false, null, 0), await FindAsync(account.Subject));
        Assert.Equal(new SecondFactor(true, null, 1), await FindAsync(other));
        var owners = await stores.InAsync((OAuthDbContext db) => db.UserPasskeys.Select(passkey => passkey.UserId).ToListAsync(Rows.Ct));
        Assert.DoesNotContain(account.Subject, owners);
        Assert.Contains(other, owners);
        Assert.False(await ResetAsync("nobody at all"));
    }

    private Task<bool> ResetAsync(string userName) =>
        stores.InAsync((IAccountAdministration accounts) => accounts.TryResetFactorsAsync(userName, Rows.Ct));

    private async Task<(string Subject, AuthenticatorKey Key, Secret Recovery)> FactorAsync()
    {
        var (account, key, recovery) = (await stores.AccountAsync(), AuthenticatorKey.Generate(), RecoveryCode.Generate());
        await stores.InAsync((ISecondFactors factors) => factors.ProposeAsync(account.Subject, key, Rows.Ct));
        Assert.True(await TurnOnAsync(account.Subject, [RecoveryCode.HashOf(recovery)]));
        return (account.Subject, key, recovery);
    }

    private Task<SecondFactor> FindAsync(string subject) => stores.InAsync((ISecondFactors factors) => factors.FindAsync(subject, Rows.Ct));

    private Task<bool> TurnOnAsync(string subject, IReadOnlyList<TokenHash> codes) =>
        stores.InAsync((ISecondFactors factors) => factors.TryTurnOnAsync(subject, 1, codes, Rows.Ct));

    private Task<SignInOutcome> CheckAsync(string subject, Secret code) =>
        stores.InAsync((ISecondFactors factors) => factors.CheckCodeAsync(subject, code, SignInSource.Unknown, Rows.Ct));

    private Task<bool> ReplaceAsync(string subject, Secret code) =>
        stores.InAsync((IRecoveryCodes codes) => codes.TryReplaceAsync(subject, [RecoveryCode.HashOf(code)], Rows.Ct));
}
