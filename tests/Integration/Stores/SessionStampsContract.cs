using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Integration.Stores;

public abstract class SessionStampsContract(StoreFixture stores)
{
    [Fact]
    public async Task Knows_the_stamp_of_an_account_until_its_password_changes()
    {
        var account = await stores.AccountAsync();
        var stamp = await StampAsync(account.Subject, null);
        Assert.NotNull(stamp);
        Assert.Equal(stamp, await StampAsync(account.Subject, Identifier.New("ses")));
        await stores.InAsync((IAccounts accounts) => accounts.SetPasswordAsync(account.UserName, Rows.Password, null, Rows.Ct));
        Assert.NotEqual(stamp, await StampAsync(account.Subject, null));
    }

    [Fact]
    public async Task Has_none_for_a_session_that_was_ended_and_for_no_other()
    {
        var (account, session) = (await stores.AccountAsync(), Identifier.New("ses"));
        await EndAsync(session);
        await EndAsync(session);
        Assert.Null(await StampAsync(account.Subject, session));
        Assert.NotNull(await StampAsync(account.Subject, session + "x"));
    }

    [Fact]
    public async Task Has_none_for_an_account_that_is_disabled_or_not_there()
    {
        var account = await stores.AccountAsync();
        await stores.InAsync((IAccountAdministration accounts) => accounts.TryDisableAsync(account.UserName, Rows.Ct));
        Assert.Null(await StampAsync(account.Subject, null));
        Assert.Null(await StampAsync("usr_none", null));
    }

    private async Task<string?> StampAsync(string subject, string? session) =>
        (await stores.InAsync((ISessionStamps stamps) => stamps.FindAsync(subject, session, Rows.Ct))).Value;

    private Task EndAsync(string session) =>
        stores.InAsync((ISessionStamps stamps) => stamps.EndAsync(session, stores.Now.AddHours(8), Rows.Ct));
}
