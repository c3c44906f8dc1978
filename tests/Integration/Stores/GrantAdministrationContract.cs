using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Integration.Stores;

public abstract class GrantAdministrationContract(StoreFixture stores)
{
    [Fact]
    public async Task Finds_live_grants_by_user_and_client_the_newest_first()
    {
        var (account, clientId) = (await stores.AccountAsync(), Identifier.New("cli"));
        var (first, code) = await stores.AllowAsync(account.Subject, clientId);
        await stores.InAsync((IAuthorizationCodeStore codes) => codes.TryRedeemAsync(code.Hash, stores.Now, null, Rows.Ct));
        var usedAt = stores.Now;
        stores.Clock.Advance(TimeSpan.FromMinutes(1));
        var (second, _) = await stores.AllowAsync(account.Subject);
        var (others, _) = await stores.AllowAsync((await stores.AccountAsync()).Subject, clientId);

        Assert.Equal(
            [(second.Id, account.UserName, null), (first.Id, account.UserName, (DateTimeOffset?)usedAt)],
            (await FindAsync(account.UserName.ToUpperInvariant(), null))!.Select(grant => (grant.Id, grant.UserName, grant.LastUsedAt))
        );
        Assert.Equal([others.Id, first.Id], (await FindAsync(null, clientId))!.Select(grant => grant.Id));
        Assert.Equal(first.Scope, Assert.Single((await FindAsync(account.UserName, clientId))!).Scope);
        Assert.Equal(second.Id, Assert.Single((await FindAsync(account.UserName, null, most: 1))!).Id);
        Assert.Null(await FindAsync("nobody at all", null));

        await stores.InAsync((IGrantStore grants) => grants.RevokeAsync(second.Id, stores.Now, Rows.Ct));
        Assert.Equal(first.Id, Assert.Single((await FindAsync(account.UserName, null))!).Id);
        await stores.InAsync((IAccountAdministration accounts) => accounts.TryDisableAsync(account.UserName, Rows.Ct));
        Assert.Empty((await FindAsync(account.UserName, null))!);
    }

    [Fact]
    public async Task Revokes_one_grant_once_and_forgets_what_its_client_need_not_ask()
    {
        var (grant, _) = await stores.AllowAsync();
        var (other, _) = await stores.AllowAsync(grant.Subject);
        await stores.RememberAsync(Rows.Consent(stores.Now, grant.Subject, grant.ClientId));
        await stores.RememberAsync(Rows.Consent(stores.Now, grant.Subject, other.ClientId));
        var answers = await stores.RaceAsync(8, (IGrantAdministration grants, int _) =>
            grants.TryRevokeAsync(grant.Id, stores.Now, Rows.Ct)
        );
        Assert.Single(answers, isRevoked => isRevoked);
        Assert.Null(await ConsentAsync(grant.ClientId));
        Assert.NotNull(await ConsentAsync(other.ClientId));
        Assert.True(await TryRevokeAsync(other.Id));
        Assert.False(await TryRevokeAsync("grt_none"));

        var (old, _) = await stores.AllowAsync();
        stores.Clock.Advance(old.ExpiresAt - stores.Now);
        Assert.False(await TryRevokeAsync(old.Id));

        Task<Domain.Authorize.Consent?> ConsentAsync(string clientId) =>
            stores.InAsync((IConsentStore consents) => consents.FindAsync(grant.Subject, clientId, Rows.Ct));
    }

    private Task<IReadOnlyList<ListedGrant>?> FindAsync(string? userName, string? clientId, int most = 100) =>
        stores.InAsync((IGrantAdministration grants) => grants.FindAsync(userName, clientId, stores.Now, most, Rows.Ct));

    private Task<bool> TryRevokeAsync(string id) =>
        stores.InAsync((IGrantAdministration grants) => grants.TryRevokeAsync(id, stores.Now, Rows.Ct));
}
