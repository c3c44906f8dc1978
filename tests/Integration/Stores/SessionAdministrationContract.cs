using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Persistence.Revocations;

namespace OAuthMcp.Integration.Stores;

public abstract class SessionAdministrationContract(StoreFixture stores)
{
    [Fact]
    public async Task Finds_the_sessions_of_a_user_and_those_of_machines_the_newest_first()
    {
        var account = await stores.AccountAsync();
        var first = await KeepAsync(account.Subject, """{"clientInfo":{"name":"Inspector","version":"1.2"}}""", days: 1);
        var second = await KeepAsync(account.Subject, "{}", days: 2);
        var machine = await KeepAsync("cli_machine", """{"clientInfo":{"name":"Robot"}}""", days: 3);
        await KeepAsync(account.Subject, "{}", days: -1);
        Assert.Equal(
            [
                new ListedSession(second, account.Subject, account.UserName, null, stores.Now.AddDays(2)),
                new ListedSession(first, account.Subject, account.UserName, "Inspector 1.2", stores.Now.AddDays(1)),
            ],
            await FindAsync(account.UserName.ToUpperInvariant())
        );
        Assert.Contains(new ListedSession(machine, "cli_machine", null, "Robot", stores.Now.AddDays(3)), (await FindAsync(null))!);
        Assert.Equal(second, Assert.Single((await FindAsync(account.UserName, most: 1))!).Id);
        Assert.Null(await FindAsync("nobody at all"));
    }

    [Fact]
    public async Task Ends_one_session_and_no_other()
    {
        var account = await stores.AccountAsync();
        var (one, other) = (await KeepAsync(account.Subject, "{}"), await KeepAsync(account.Subject, "{}"));
        var stamp = await StampAsync(account.Subject);
        Assert.True(await TryEndAsync(one));
        Assert.False(await TryEndAsync(one));
        Assert.Equal(other, Assert.Single((await FindAsync(account.UserName))!).Id);
        Assert.Equal(stamp, await StampAsync(account.Subject));
    }

    [Fact]
    public async Task Ends_all_of_a_user_and_tells_of_each()
    {
        var (account, bystander) = (await stores.AccountAsync(), await stores.AccountAsync());
        var sessions = new[] { await KeepAsync(account.Subject, "{}"), await KeepAsync(account.Subject, "{}") };
        var others = await KeepAsync(bystander.Subject, "{}");
        var (stamp, othersStamp) = (await StampAsync(account.Subject), await StampAsync(bystander.Subject));
        var before = await stores.InAsync((RevocationSource source) => source.FindNewestAsync(Rows.Ct));

        Assert.Equal(2, await EndAllOfAsync(account.UserName));
        Assert.Empty((await FindAsync(account.UserName))!);
        Assert.NotEqual(stamp, await StampAsync(account.Subject));
        Assert.Equal(othersStamp, await StampAsync(bystander.Subject));
        Assert.Equal(others, Assert.Single((await FindAsync(bystander.UserName))!).Id);
        var told = await stores.InAsync((RevocationSource source) => source.ReadAsync(before + 1, Rows.Ct));
        Assert.Equal([before + 1, before + 2], told.Select(entry => entry.Number));
        Assert.All(told, entry => Assert.Equal(RevocationKind.Session, entry.Kind));
        Assert.Equal(sessions.Order(), told.Select(entry => entry.Id).Order());

        Assert.Equal(0, await EndAllOfAsync(account.UserName));
        Assert.Null(await EndAllOfAsync("nobody at all"));
    }

    /// <returns>The id by which an operator knows the session.</returns>
    private async Task<string> KeepAsync(string subject, string opening, int days = 1)
    {
        var id = Identifier.New("session");
        Assert.True(
            await stores.InAsync(
                (IProtocolSessions sessions) => sessions.TryKeepAsync(id, subject, opening, stores.Now.AddDays(days), 0, Rows.Ct)
            )
        );
        return TokenHash.Of(new Secret(id)).Value;
    }

    private async Task<string?> StampAsync(string subject) =>
        (await stores.InAsync((ISessionStamps stamps) => stamps.FindAsync(subject, null, Rows.Ct))).Value;

    private Task<IReadOnlyList<ListedSession>?> FindAsync(string? userName, int most = 100) =>
        stores.InAsync((ISessionAdministration sessions) => sessions.FindAsync(userName, stores.Now, most, Rows.Ct));

    private Task<bool> TryEndAsync(string id) => stores.InAsync((ISessionAdministration sessions) => sessions.TryEndAsync(id, Rows.Ct));

    private Task<int?> EndAllOfAsync(string userName) =>
        stores.InAsync((ISessionAdministration sessions) => sessions.EndAllOfAsync(userName, Rows.Ct));
}
