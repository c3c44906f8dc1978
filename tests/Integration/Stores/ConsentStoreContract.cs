using OAuthMcp.Application.Authorize;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Integration.Stores;

public abstract class ConsentStoreContract(StoreFixture stores)
{
    [Fact]
    public async Task Remembers_what_one_user_allowed_one_client()
    {
        var consent = Rows.Consent(stores.Now, Identifier.New("usr"), "cli");
        await stores.RememberAsync(consent);
        Assert.Equivalent(consent, await FindAsync(consent), strict: true);
        Assert.Null(await FindAsync(consent with { ClientId = "cli_other" }));
        Assert.Null(await FindAsync(consent with { Subject = "usr_other" }));
    }

    private Task<Consent?> FindAsync(Consent consent) =>
        stores.InAsync((IConsentStore consents) => consents.FindAsync(consent.Subject, consent.ClientId, Rows.Ct));
}
