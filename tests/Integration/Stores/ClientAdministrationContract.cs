using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Clients;

namespace OAuthMcp.Integration.Stores;

public abstract class ClientAdministrationContract(StoreFixture stores)
{
    [Fact]
    public async Task Disables_a_client_once_and_stays_with_the_first_time()
    {
        var client = Rows.Client(stores.Now);
        await AddAsync(client);
        var first = stores.Now;
        Assert.True(await DisableAsync(client.Id));
        stores.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await DisableAsync(client.Id));
        Assert.False(await DisableAsync("cli_none"));
        Assert.Equal(first, (await stores.InAsync((IClientStore clients) => clients.FindAsync(client.Id, Rows.Ct)))?.DisabledAt);
    }

    [Fact]
    public async Task Lists_the_oldest_first()
    {
        await stores.EmptyAsync<Domain.Clients.Client>();
        var (young, old) = (Rows.Client(stores.Now), Rows.Client(stores.Now.AddDays(-1)));
        await AddAsync(young);
        await AddAsync(old);
        var listed = await stores.InAsync((IClientAdministration clients) => clients.ListAsync(Rows.Ct));
        Assert.Equal([old.Id, young.Id], listed.Select(client => client.Id));
    }

    private Task<bool> AddAsync(Domain.Clients.Client client) =>
        stores.InAsync((IClientStore clients) => clients.TryAddAsync(client, 0, Rows.Ct));

    private Task<bool> DisableAsync(string id) =>
        stores.InAsync((IClientAdministration clients) => clients.TryDisableAsync(id, stores.Now, Rows.Ct));
}
