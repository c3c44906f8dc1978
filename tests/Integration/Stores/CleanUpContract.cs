using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Protocol;
using OAuthMcp.Application.Settings;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;
using OAuthMcp.Infrastructure.Operations;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Integration.Stores;

/// <summary>What the hourly clean-up throws away, and what it has to keep.</summary>
public abstract class CleanUpContract(StoreFixture stores)
{
    [Fact]
    public async Task P_09_keeps_what_was_used_once_until_it_expires_by_itself()
    {
        var id = Identifier.New("jti");
        Assert.True(await UseAsync());
        await AfterAsync(TimeSpan.FromMinutes(4));
        Assert.False(await UseAsync());
        await AfterAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(0, await CountAsync(db => db.UsedOnce.Where(used => used.Id == id)));

        Task<bool> UseAsync() =>
            stores.InAsync((IUsedOnce used) => used.TryUseAsync(UsedKind.Assertion, id, stores.Now.AddMinutes(5), Rows.Ct));
    }

    [Fact]
    public async Task P_09_keeps_an_ended_session_ended_until_its_cookie_ends()
    {
        var (account, session) = (await stores.AccountAsync(), Identifier.New("ses"));
        await stores.InAsync((ISessionStamps stamps) => stamps.EndAsync(session, stores.Now.AddHours(8), Rows.Ct));
        await AfterAsync(TimeSpan.FromHours(7));
        Assert.Null((await stores.InAsync((ISessionStamps stamps) => stamps.FindAsync(account.Subject, session, Rows.Ct))).Value);
        await AfterAsync(TimeSpan.FromHours(1));
        Assert.Equal(0, await CountAsync(db => db.UsedOnce.Where(used => used.Id == session)));
    }

    [Fact]
    public async Task P_09_keeps_a_sign_in_that_waits_for_its_user_as_long_as_it_may()
    {
        var (request, signIn) = (Rows.Request(stores.Now), Rows.SignIn(stores.Now));
        await stores.InAsync((IAuthorizationRequestStore requests) => requests.TryAddAsync(request, 0, Rows.Ct));
        await stores.InAsync((IUpstreamSignIns signIns) => signIns.TryAddAsync(signIn, 0, Rows.Ct));
        await AfterAsync(TimeSpan.FromMinutes(9));
        Assert.NotNull(await stores.InAsync((IAuthorizationRequestStore requests) => requests.FindAsync(request.Id, Rows.Ct)));
        Assert.NotNull(await stores.InAsync((IUpstreamSignIns signIns) => signIns.FindAsync(signIn.State, Rows.Ct)));
        await AfterAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(0, await CountAsync(db => db.AuthorizationRequests.Where(known => known.Id == request.Id)));
        Assert.Equal(0, await CountAsync(db => db.UpstreamSignIns.Where(known => known.State == signIn.State)));
    }

    [Fact]
    public async Task P_09_keeps_what_a_user_allowed_as_long_as_it_counts()
    {
        var consent = Rows.Consent(stores.Now, Identifier.New("usr"), "cli");
        await stores.RememberAsync(consent);
        await AfterAsync(TimeSpan.FromDays(89));
        Assert.NotNull(await stores.InAsync((IConsentStore consents) => consents.FindAsync(consent.Subject, "cli", Rows.Ct)));
        await AfterAsync(TimeSpan.FromDays(1));
        Assert.Equal(0, await CountAsync(db => db.Consents.Where(known => known.Subject == consent.Subject)));
    }

    [Fact]
    public async Task P_09_keeps_accounts_and_what_belongs_to_them()
    {
        var account = await stores.AccountAsync(Rows.Identity());
        await stores.InAsync(
            async (OAuthDbContext db) =>
            {
                db.Add(new StoredRecoveryCode(account.Subject, Rows.Hash()));
                await db.SaveChangesAsync(Rows.Ct);
            }
        );
        await AfterAsync(TimeSpan.FromDays(1000));
        Assert.Equal(1, await CountAsync(db => db.Users.Where(user => user.Id == account.Subject)));
        Assert.Equal(1, await CountAsync(db => db.UserLogins.Where(login => login.UserId == account.Subject)));
        Assert.Equal(1, await CountAsync(db => db.UpstreamTokens.Where(token => token.Subject == account.Subject)));
        Assert.Equal(1, await CountAsync(db => db.RecoveryCodes.Where(code => code.Subject == account.Subject)));
    }

    [Fact]
    public async Task L6_keeps_wrong_passwords_for_two_days()
    {
        var account = await stores.AccountAsync();
        await stores.InAsync(
            (IAccounts accounts) => accounts.CheckPasswordAsync(account.UserName, new Secret("wrong"), SignInSource.Unknown, Rows.Ct)
        );
        await AfterAsync(TimeSpan.FromHours(47));
        Assert.Equal(2, await CountAsync(db => db.FailedSignIns.Where(failed => failed.Subject == account.Subject)));
        await AfterAsync(TimeSpan.FromHours(1));
        Assert.Equal(0, await CountAsync(db => db.FailedSignIns.Where(failed => failed.Subject == account.Subject)));
    }

    [Fact]
    public async Task P_09_keeps_a_revoked_access_token_revoked_until_it_expires()
    {
        var token = Rows.AccessToken(stores.Now, grant: null);
        await stores.InAsync((IAccessTokenStore store) => store.RevokeAsync(token, Rows.Ct));
        await AfterAsync(TimeSpan.FromMinutes(59));
        Assert.NotNull((await stores.InAsync((IAccessTokenStore store) => store.FindStatusAsync(token, Rows.Ct))).Refusal);
        await AfterAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(0, await CountAsync(db => db.RevokedAccessTokens.Where(revoked => revoked.JwtId == token.JwtId)));
    }

    [Fact]
    public async Task P_09_keeps_what_a_replay_is_recognised_by_as_long_as_its_grant()
    {
        var (grant, code) = await stores.AllowAsync();
        var (first, second) = (Rows.RefreshToken(stores.Now, grant), Rows.RefreshToken(stores.Now, grant));
        await stores.InAsync((IAuthorizationCodeStore codes) => codes.TryRedeemAsync(code.Hash, stores.Now, first, Rows.Ct));
        await stores.InAsync((IRefreshTokenStore tokens) => tokens.TryRotateAsync(first.Hash, stores.Now, "salt", second, Rows.Ct));
        await AfterAsync(TimeSpan.FromDays(89));
        Assert.NotNull(await stores.InAsync((IAuthorizationCodeStore codes) => codes.FindAsync(code.Hash, Rows.Ct)));
        Assert.NotNull(await stores.InAsync((IRefreshTokenStore tokens) => tokens.FindAsync(first.Hash, Rows.Ct)));
        Assert.NotNull(await stores.InAsync((IRefreshTokenStore tokens) => tokens.FindAsync(second.Hash, Rows.Ct)));
        await AfterAsync(TimeSpan.FromDays(1));
        Assert.Equal(0, await CountAsync(db => db.RefreshTokens.Where(token => token.GrantId == grant.Id)));
        Assert.Equal(0, await CountAsync(db => db.AuthorizationCodes.Where(known => known.GrantId == grant.Id)));
        Assert.Equal(0, await CountAsync(db => db.Grants.Where(known => known.Id == grant.Id)));
    }

    [Fact]
    public async Task M11_forgets_a_grant_whose_code_nobody_redeemed_after_an_hour()
    {
        var (grant, _) = await stores.AllowAsync();
        await AfterAsync(TimeSpan.FromMinutes(60));
        Assert.Equal(1, await CountAsync(db => db.Grants.Where(known => known.Id == grant.Id)));
        await AfterAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(0, await CountAsync(db => db.Grants.Where(known => known.Id == grant.Id)));
    }

    [Fact]
    public async Task M11_forgets_a_revoked_grant_after_its_last_access_token()
    {
        var (grant, token) = await stores.FamilyAsync();
        await stores.InAsync((IGrantStore grants) => grants.RevokeAsync(grant.Id, stores.Now, Rows.Ct));
        await AfterAsync(TimeSpan.FromMinutes(59));
        Assert.NotNull(await stores.InAsync((IRefreshTokenStore tokens) => tokens.FindAsync(token.Hash, Rows.Ct)));
        await AfterAsync(TimeSpan.FromMinutes(1));
        Assert.Null(await stores.InAsync((IRefreshTokenStore tokens) => tokens.FindAsync(token.Hash, Rows.Ct)));
    }

    [Theory]
    [InlineData("nothing", false)]
    [InlineData("a grant", true)]
    [InlineData("a consent", true)]
    [InlineData("an open request", true)]
    [InlineData("an operator", true)]
    [InlineData("disabled", true)]
    [InlineData("young", true)]
    public async Task P_09_keeps_a_client_that_somebody_has_something_with(string what, bool isKept)
    {
        var client = Rows.Client(
            what == "young" ? stores.Now.AddHours(-23) : stores.Now.AddDays(-2),
            what == "an operator" ? ClientOrigin.PreRegistered : ClientOrigin.Registered
        );
        await stores.InAsync((IClientStore clients) => clients.TryAddAsync(client, 0, Rows.Ct));
        if (what == "a grant")
            await stores.AllowAsync(clientId: client.Id);
        if (what == "a consent")
            await stores.RememberAsync(Rows.Consent(stores.Now, "usr", client.Id));
        if (what == "an open request")
            await stores.InAsync(
                (IAuthorizationRequestStore requests) => requests.TryAddAsync(Rows.Request(stores.Now, client.Id), 0, Rows.Ct)
            );
        if (what == "disabled")
            await stores.InAsync((IClientAdministration clients) => clients.TryDisableAsync(client.Id, stores.Now, Rows.Ct));
        await AfterAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(isKept, await stores.InAsync((IClientStore clients) => clients.FindAsync(client.Id, Rows.Ct)) is not null);
    }

    [Fact]
    public async Task P_09_keeps_a_client_that_was_used_as_long_as_a_grant_lives()
    {
        var client = Rows.Client(stores.Now.AddDays(-2));
        await stores.InAsync((IClientStore clients) => clients.TryAddAsync(client, 0, Rows.Ct));
        var (grant, code) = await stores.AllowAsync(clientId: client.Id);
        await stores.InAsync((IAuthorizationCodeStore codes) => codes.TryRedeemAsync(code.Hash, stores.Now, null, Rows.Ct));
        await stores.InAsync((IGrantStore grants) => grants.RevokeAsync(grant.Id, stores.Now, Rows.Ct));
        await AfterAsync(TimeSpan.FromHours(1));
        await AfterAsync(TimeSpan.FromDays(89));
        Assert.NotNull(await stores.InAsync((IClientStore clients) => clients.FindAsync(client.Id, Rows.Ct)));
        await AfterAsync(TimeSpan.FromDays(1));
        Assert.Null(await stores.InAsync((IClientStore clients) => clients.FindAsync(client.Id, Rows.Ct)));
    }

    [Fact]
    public async Task H4_forgets_more_than_a_batch_of_everything_and_lets_others_write_in_between()
    {
        const int Many = (2 * CleanUp.Batch) + 1;
        var made = stores.Now.AddDays(-2);
        await stores.InAsync(
            async (OAuthDbContext db) =>
            {
                for (var index = 0; index < Many; index++)
                {
                    var grant = Rows.Grant(stores.Now, "usr", "cli");
                    db.Add(grant);
                    db.Add(Rows.Code(stores.Now, grant));
                    db.Add(new UsedOnceRow(UsedKind.Session, Identifier.New("ses"), stores.Now));
                    db.Add(Rows.Client(made));
                }

                await db.SaveChangesAsync(Rows.Ct);
            }
        );
        var cleaning = AfterAsync(TimeSpan.FromHours(2));
        var written = 0;
        for (; !cleaning.IsCompleted; written++)
            await stores.InAsync(
                (IUsedOnce used) => used.TryUseAsync(UsedKind.Passkey, Identifier.New("jti"), stores.Now.AddMinutes(5), Rows.Ct)
            );
        await cleaning;
        Assert.InRange(written, 5, int.MaxValue); // between the batches
        Assert.Equal(0, await CountAsync(db => db.Set<Grant>()));
        Assert.Equal(0, await CountAsync(db => db.UsedOnce.Where(used => used.Kind == UsedKind.Session)));
        Assert.Equal(
            0,
            await CountAsync(db =>
                db.Clients.Where(client =>
                    client.Origin == ClientOrigin.Registered && client.DisabledAt == null && client.CreatedAt == made
                )
            )
        );
    }

    [Fact]
    public async Task H4_ends_when_its_turn_is_over_and_forgets_the_rest_in_the_next()
    {
        await stores.InAsync(
            async (OAuthDbContext db) =>
            {
                for (var index = 0; index < 40; index++)
                    db.Add(Rows.Grant(stores.Now.AddDays(-200), "usr", "cli"));
                await db.SaveChangesAsync(Rows.Ct);
            }
        );
        Assert.False(await TurnAsync(TimeSpan.Zero));
        Assert.InRange(await CountAsync(db => db.Set<Grant>()), 1, 39); // a batch of each kind is gone all the same
        while (!await TurnAsync(TimeSpan.FromMinutes(1))) { }
        Assert.Equal(0, await CountAsync(db => db.Set<Grant>()));

        Task<bool> TurnAsync(TimeSpan turn) =>
            stores.InAsync((OAuthDbContext db) => new CleanUp(db, stores.Settings) { Turn = turn }.RunAsync(stores.Now, Rows.Ct));
    }

    [Fact]
    public async Task F_51_several_at_once_forget_what_is_over_and_nothing_that_lives()
    {
        const int Many = CleanUp.Batch + 1;
        var (over, living) = (Rows.Client(stores.Now.AddDays(-200)), Rows.Client(stores.Now));
        await stores.InAsync(
            async (OAuthDbContext db) =>
            {
                db.AddRange(over, living);
                foreach (var (client, made) in new[] { (over, stores.Now.AddDays(-100)), (living, stores.Now) })
                    for (var index = 0; index < Many; index++)
                    {
                        var grant = Rows.Grant(made, "usr", client.Id);
                        db.AddRange(grant, Rows.Code(made, grant), Rows.RefreshToken(made, grant));
                        db.Add(new UsedOnceRow(UsedKind.Assertion, Identifier.New(client.Id), made.AddMinutes(5)));
                    }

                await db.SaveChangesAsync(Rows.Ct);
            }
        );
        await stores.RaceAsync(4, async (CleanUp cleanUp, int _) =>
        {
            while (!await cleanUp.RunAsync(stores.Now, Rows.Ct)) { }
            return true;
        });
        foreach (var (client, left) in new[] { (over, 0), (living, Many) })
        {
            Assert.Equal(left, await CountAsync(db => db.Grants.Where(grant => grant.ClientId == client.Id)));
            Assert.Equal(left, await CountAsync(db => db.AuthorizationCodes.Where(code => code.ClientId == client.Id)));
            Assert.Equal(left, await CountAsync(db => db.RefreshTokens.Where(token => token.ClientId == client.Id)));
            Assert.Equal(left, await CountAsync(db => db.UsedOnce.Where(used => used.Id.StartsWith(client.Id))));
        }

        Assert.Equal(1, await CountAsync(db => db.Clients.Where(client => client.Id == living.Id)));
    }

    private Task<int> CountAsync<T>(Func<OAuthDbContext, IQueryable<T>> query)
        where T : class => stores.InAsync((OAuthDbContext db) => query(db).CountAsync(Rows.Ct));

    private Task AfterAsync(TimeSpan time)
    {
        stores.Clock.Advance(time);
        return stores.InAsync(
            async (CleanUp cleanUp) =>
            {
                while (!await cleanUp.RunAsync(stores.Now, Rows.Ct)) { }
            }
        );
    }
}
