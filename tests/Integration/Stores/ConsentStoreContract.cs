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
        await RememberAsync(consent);
        Assert.Equivalent(consent, await FindAsync(consent), strict: true);
        Assert.Null(await FindAsync(consent with { ClientId = "cli_other" }));
        Assert.Null(await FindAsync(consent with { Subject = "usr_other" }));
    }

    [Fact]
    public async Task Puts_what_was_allowed_last_in_the_place_of_all_before()
    {
        var consent = Rows.Consent(stores.Now, Identifier.New("usr"), "cli");
        var next = consent with
        {
            Scope = ScopeSet.Of(ScopeSet.Write),
            ClientDigest = "next",
            GivenAt = stores.Now.AddDays(1),
            ExpiresAt = stores.Now.AddDays(2),
        };
        await RememberAsync(consent);
        await RememberAsync(next);
        Assert.Equivalent(next, await FindAsync(consent), strict: true);
    }

    [Fact]
    public async Task Takes_32_answers_of_one_user_at_once()
    {
        var consent = Rows.Consent(stores.Now, Identifier.New("usr"), "cli");
        await stores.RaceAsync(32, async (IConsentStore consents, int _) =>
        {
            await consents.RememberAsync(consent, Rows.Ct);
            return true;
        });
        Assert.Equivalent(consent, await FindAsync(consent), strict: true);
    }

    private Task RememberAsync(Consent consent) => stores.InAsync((IConsentStore consents) => consents.RememberAsync(consent, Rows.Ct));

    private Task<Consent?> FindAsync(Consent consent) =>
        stores.InAsync((IConsentStore consents) => consents.FindAsync(consent.Subject, consent.ClientId, Rows.Ct));
}
