using OAuthMcp.Application.Authorize;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Integration.Stores;

public abstract class ClientStoreContract(StoreFixture stores)
{
    [Fact]
    public async Task Finds_a_client_with_everything_it_said()
    {
        var client = Rows.Client(stores.Now) with { ClientUri = "https://app.example", Jwks = "{}", FreshUntil = stores.Now };
        Assert.True(await AddAsync(client));
        Assert.Equivalent(client, await FindAsync(client.Id), strict: true);
        Assert.Null(await FindAsync("cli_none"));
    }

    [Fact]
    public async Task Lets_no_more_than_the_limit_in_when_32_come_at_once()
    {
        await stores.EmptyAsync<Domain.Clients.Client>();
        var results = await stores.RaceAsync(32, (IClientStore clients, int _) => clients.TryAddAsync(Rows.Client(stores.Now), 5, Rows.Ct));
        Assert.Equal(5, results.Count(added => added));
        Assert.Equal(5, (await stores.InAsync((IClientAdministration clients) => clients.ListAsync(Rows.Ct))).Count);
        Assert.True(await AddAsync(Rows.Client(stores.Now))); // 0 is no limit
    }

    [Fact]
    public async Task M3_forgets_the_oldest_that_registered_itself_and_that_nobody_has_used()
    {
        await stores.EmptyAsync<Domain.Clients.Client>();
        var account = await stores.AccountAsync();
        Domain.Clients.Client[] clients =
        [
            .. Enumerable.Range(0, 5).Select(i => Rows.Client(stores.Now) with { CreatedAt = stores.Now.AddMinutes(i) }),
        ];
        clients[1] = clients[1] with { Origin = ClientOrigin.PreRegistered };
        foreach (var client in clients)
            await AddAsync(client);
        await stores.AllowAsync(account.Subject, clients[0].Id);
        await stores.InAsync((IClientAdministration all) => all.TryDisableAsync(clients[2].Id, stores.Now, Rows.Ct));

        foreach (var kept in clients[..3])
            Assert.False(await ForgetAsync(kept.Id));
        Assert.True(await ForgetAsync(null));
        Assert.Null(await FindAsync(clients[3].Id));
        Assert.True(await ForgetAsync(clients[4].Id));
        Assert.False(await ForgetAsync(null));
        Assert.Equal(3, (await stores.InAsync((IClientAdministration all) => all.ListAsync(Rows.Ct))).Count);
    }

    [Fact]
    public async Task Replaces_what_a_client_says_of_itself_and_nothing_else()
    {
        var client = Rows.Client(stores.Now);
        await AddAsync(client);
        await stores.InAsync((IClientAdministration clients) => clients.TryDisableAsync(client.Id, stores.Now, Rows.Ct));
        await ReplaceAsync(
            client with
            {
                Name = "Renamed",
                RedirectUris = ["https://app.example/other"],
                CreatedAt = stores.Now.AddDays(9),
            }
        );
        var found = await FindAsync(client.Id);
        Assert.Equal(("Renamed", client.CreatedAt, stores.Now), (found?.Name, found?.CreatedAt, found?.DisabledAt));
        Assert.Equal(["https://app.example/other"], found?.RedirectUris);
    }

    [Fact]
    public async Task Brings_no_deleted_registration_back()
    {
        var client = Rows.Client(stores.Now);
        await ReplaceAsync(client);
        Assert.Null(await FindAsync(client.Id));
    }

    [Fact]
    public async Task Stores_one_client_of_a_document_that_32_users_meet_at_once()
    {
        var id = $"https://app.example/{Identifier.New("doc")}";
        await stores.RaceAsync(32, async (IClientStore clients, int racer) =>
        {
            await clients.ReplaceAsync(Rows.Client(stores.Now, ClientOrigin.MetadataDocument, id) with { Name = $"{racer}" }, Rows.Ct);
            return true;
        });
        Assert.Equal(ClientOrigin.MetadataDocument, (await FindAsync(id))?.Origin);
    }

    [Fact]
    public async Task Forgets_a_client_with_what_users_allowed_it()
    {
        var client = Rows.Client(stores.Now);
        await AddAsync(client);
        var account = await stores.AccountAsync();
        var (grant, _) = await stores.AllowAsync(account.Subject, client.Id);
        var (others, _) = await stores.AllowAsync(account.Subject);
        await stores.RememberAsync(Rows.Consent(stores.Now, account.Subject, client.Id));
        await stores.InAsync((IClientStore clients) => clients.DeleteAsync(client.Id, stores.Now, Rows.Ct));
        Assert.Null(await FindAsync(client.Id));
        Assert.Null(await stores.InAsync((IConsentStore consents) => consents.FindAsync(account.Subject, client.Id, Rows.Ct)));
        Assert.Equal(stores.Now, await RevokedAtAsync(grant.Id));
        Assert.Null(await RevokedAtAsync(others.Id));
    }

    private async Task<DateTimeOffset?> RevokedAtAsync(string grantId) =>
        (await stores.InAsync((IGrantStore grants) => grants.FindAsync(grantId, Rows.Ct)))!.RevokedAt;

    private Task<bool> ForgetAsync(string? id) => stores.InAsync((IClientStore clients) => clients.TryForgetUnusedAsync(id, Rows.Ct));

    private Task<bool> AddAsync(Domain.Clients.Client client) =>
        stores.InAsync((IClientStore clients) => clients.TryAddAsync(client, 0, Rows.Ct));

    private Task<Domain.Clients.Client?> FindAsync(string id) => stores.InAsync((IClientStore clients) => clients.FindAsync(id, Rows.Ct));

    private Task ReplaceAsync(Domain.Clients.Client client) =>
        stores.InAsync((IClientStore clients) => clients.ReplaceAsync(client, Rows.Ct));
}
