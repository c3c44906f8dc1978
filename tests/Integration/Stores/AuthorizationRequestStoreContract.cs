using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Integration.Stores;

public abstract class AuthorizationRequestStoreContract(StoreFixture stores)
{
    [Fact]
    public async Task Finds_a_request_as_it_was()
    {
        var request = await AddAsync();
        Assert.Equivalent(request, await FindAsync(request.Id), strict: true);
        Assert.Null(await FindAsync("none"));
    }

    [Fact]
    public async Task Lets_no_more_than_the_limit_in_when_32_come_at_once()
    {
        await stores.EmptyAsync<AuthorizationRequest>();
        var results = await stores.RaceAsync(32, (IAuthorizationRequestStore requests, int _) =>
            requests.TryAddAsync(Rows.Request(stores.Now), 5, Rows.Ct)
        );
        Assert.Equal(5, results.Count(added => added));
        Assert.Equal(5, await stores.InAsync((OAuthDbContext db) => db.AuthorizationRequests.CountAsync(Rows.Ct)));
    }

    [Fact]
    public async Task M3_takes_out_one_request_or_the_oldest()
    {
        await stores.EmptyAsync<AuthorizationRequest>();
        AuthorizationRequest[] requests =
        [
            .. Enumerable.Range(0, 3).Select(i => Rows.Request(stores.Now) with { CreatedAt = stores.Now.AddSeconds(-i) }),
        ];
        foreach (var request in requests)
            await stores.InAsync((IAuthorizationRequestStore store) => store.TryAddAsync(request, 0, Rows.Ct));
        await stores.InAsync((IAuthorizationRequestStore store) => store.DropAsync(null, Rows.Ct));
        Assert.Null(await FindAsync(requests[2].Id));
        await stores.InAsync((IAuthorizationRequestStore store) => store.DropAsync(requests[0].Id, Rows.Ct));
        Assert.Null(await FindAsync(requests[0].Id));
        Assert.NotNull(await FindAsync(requests[1].Id));
    }

    [Fact]
    public async Task Lets_one_of_32_parallel_answers_win_with_one_grant_and_one_code()
    {
        var (request, user) = (await AddAsync(), await UserAsync());
        var results = await stores.RaceAsync(32, (IAuthorizationRequestStore requests, int _) =>
            requests.TryAnswerAsync(request.Id, stores.Now, Allowed(request, user), Rows.Ct)
        );
        Assert.Single(results, won => won);
        Assert.Equal((1, 1), await CountAsync(request.ClientId));
    }

    [Fact]
    public async Task Adds_nothing_for_a_refusal_and_nothing_for_a_request_that_is_not_there()
    {
        var request = await AddAsync();
        Assert.True(
            await stores.InAsync((IAuthorizationRequestStore requests) => requests.TryAnswerAsync(request.Id, stores.Now, null, Rows.Ct))
        );
        var user = await UserAsync();
        Assert.False(
            await stores.InAsync(
                (IAuthorizationRequestStore requests) => requests.TryAnswerAsync("none", stores.Now, Allowed(request, user), Rows.Ct)
            )
        );
        Assert.Equal((0, 0), await CountAsync(request.ClientId));
    }

    [Fact]
    public async Task Notes_the_provider_and_what_was_allowed_until_the_request_is_answered()
    {
        var request = await AddAsync();
        var read = ScopeSet.Of(ScopeSet.Read);
        Assert.True(await ChooseAsync(request.Id));
        Assert.True(await ApproveAsync(request.Id, read));
        var found = await FindAsync(request.Id);
        Assert.Equal(("corp", read), (found?.Provider, found?.ApprovedScope));
        await stores.InAsync((IAuthorizationRequestStore requests) => requests.TryAnswerAsync(request.Id, stores.Now, null, Rows.Ct));
        Assert.Equal((false, false), (await ChooseAsync(request.Id), await ApproveAsync(request.Id, read)));
        Assert.Equal((false, false), (await ChooseAsync("none"), await ApproveAsync("none", read)));
    }

    [Fact]
    public async Task Allows_nothing_once_the_account_has_another_stamp()
    {
        var (request, user) = (await AddAsync(), await UserAsync());
        var late = Allowed(request, user with { Stamp = "before" });
        Assert.False(
            await stores.InAsync((IAuthorizationRequestStore requests) => requests.TryAnswerAsync(request.Id, stores.Now, late, Rows.Ct))
        );
        Assert.Equal((0, 0), await CountAsync(request.ClientId));
    }

    [Fact]
    public async Task L11_leaves_a_request_open_when_what_was_allowed_cannot_be_stored()
    {
        var (first, second, user) = (await AddAsync(), await AddAsync(), await UserAsync());
        var taken = Allowed(first, user);
        Assert.True(await AnswerAsync(first.Id, taken));
        // The second write fails as it would at a stop: the first one, which marks the request, must not stay.
        await Assert.ThrowsAnyAsync<DbException>(() => AnswerAsync(second.Id, Allowed(second, user) with { Code = taken.Code }));
        Assert.Null((await FindAsync(second.Id))?.AnsweredAt);
        Assert.Equal((0, 0), await CountAsync(second.ClientId));
        Assert.True(await AnswerAsync(second.Id, Allowed(second, user)));
    }

    [Fact]
    public async Task Remembers_what_was_allowed_last_in_the_place_of_all_before()
    {
        var user = await UserAsync();
        var first = Rows.Consent(stores.Now, user.Subject, "cli");
        var last = first with { Scope = ScopeSet.Of(ScopeSet.Write), ClientDigest = "next", GivenAt = stores.Now.AddDays(1) };
        foreach (var consent in new[] { first, last })
        {
            var request = await AddAsync();
            var allowed = Allowed(request, user) with { Remembered = consent };
            Assert.True(
                await stores.InAsync(
                    (IAuthorizationRequestStore requests) => requests.TryAnswerAsync(request.Id, stores.Now, allowed, Rows.Ct)
                )
            );
        }

        var found = await stores.InAsync((IConsentStore consents) => consents.FindAsync(user.Subject, "cli", Rows.Ct));
        Assert.Equivalent(last, found, strict: true);
    }

    [Fact]
    public async Task Takes_32_answers_of_one_user_at_once()
    {
        var user = await UserAsync();
        var consent = Rows.Consent(stores.Now, user.Subject, "cli");
        var requests = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => AddAsync()));
        var results = await stores.RaceAsync(32, (IAuthorizationRequestStore store, int racer) =>
            store.TryAnswerAsync(requests[racer].Id, stores.Now, Allowed(requests[racer], user) with { Remembered = consent }, Rows.Ct)
        );
        Assert.All(results, Assert.True);
    }

    private async Task<(string Subject, string? Stamp)> UserAsync()
    {
        var subject = (await stores.AccountAsync()).Subject;
        return (subject, (await stores.InAsync((ISessionStamps stamps) => stamps.FindAsync(subject, null, Rows.Ct))).Value);
    }

    private Allowed Allowed(AuthorizationRequest request, (string Subject, string? Stamp) user)
    {
        var grant = Rows.Grant(stores.Now, user.Subject, request.ClientId);
        return new Allowed(grant, Rows.Code(stores.Now, grant), "salt", user.Stamp, null);
    }

    private async Task<AuthorizationRequest> AddAsync()
    {
        var request = Rows.Request(stores.Now);
        Assert.True(await stores.InAsync((IAuthorizationRequestStore requests) => requests.TryAddAsync(request, 0, Rows.Ct)));
        return request;
    }

    private Task<AuthorizationRequest?> FindAsync(string id) =>
        stores.InAsync((IAuthorizationRequestStore requests) => requests.FindAsync(id, Rows.Ct));

    private Task<bool> AnswerAsync(string id, Allowed allowed) =>
        stores.InAsync((IAuthorizationRequestStore requests) => requests.TryAnswerAsync(id, stores.Now, allowed, Rows.Ct));

    private Task<bool> ChooseAsync(string id) =>
        stores.InAsync((IAuthorizationRequestStore requests) => requests.TryChooseAsync(id, "corp", Rows.Ct));

    private Task<bool> ApproveAsync(string id, ScopeSet scope) =>
        stores.InAsync((IAuthorizationRequestStore requests) => requests.TryApproveAsync(id, scope, Rows.Ct));

    private Task<(int Grants, int Codes)> CountAsync(string clientId) =>
        stores.InAsync(
            async (OAuthDbContext db) =>
                (
                    await db.Grants.CountAsync(grant => grant.ClientId == clientId, Rows.Ct),
                    await db.AuthorizationCodes.CountAsync(code => code.ClientId == clientId, Rows.Ct)
                )
        );
}
