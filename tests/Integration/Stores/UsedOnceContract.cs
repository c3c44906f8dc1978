using OAuthMcp.Application.Protocol;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Integration.Stores;

public abstract class UsedOnceContract(StoreFixture stores)
{
    [Fact]
    public async Task P_10_lets_one_of_32_parallel_uses_win()
    {
        var id = Identifier.New("jti");
        var results = await stores.RaceAsync(32, (IUsedOnce used, int _) =>
            used.TryUseAsync(UsedKind.Assertion, id, stores.Now.AddMinutes(5), Rows.Ct)
        );
        Assert.Single(results, won => won);
    }

    [Fact]
    public async Task Refuses_the_second_use_and_tells_apart_what_ids_are_of()
    {
        var id = Identifier.New("jti");
        Assert.True(await UseAsync(UsedKind.Assertion, id));
        Assert.True(await UseAsync(UsedKind.Passkey, id));
        Assert.True(await UseAsync(UsedKind.Assertion, id + "x"));
        Assert.False(await UseAsync(UsedKind.Assertion, id));
    }

    private Task<bool> UseAsync(UsedKind kind, string id) =>
        stores.InAsync((IUsedOnce used) => used.TryUseAsync(kind, id, stores.Now.AddMinutes(5), Rows.Ct));
}
