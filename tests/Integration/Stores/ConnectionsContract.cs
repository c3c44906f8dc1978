using OAuthMcp.Application.Authorize;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Integration.Stores;

public abstract class ConnectionsContract(StoreFixture stores)
{
    [Fact]
    public async Task Shows_grants_and_consent_of_a_client_as_one()
    {
        var (subject, clientId, start) = (Identifier.New("usr"), Identifier.New("cli"), stores.Now);
        var (_, code) = await stores.AllowAsync(subject, clientId);
        stores.Clock.Advance(TimeSpan.FromMinutes(1));
        await stores.AllowAsync(subject, clientId);
        await stores.RememberAsync(Rows.Consent(stores.Now, subject, clientId));
        Assert.Equal(
            new Connection(clientId, ScopeSet.Of(ScopeSet.Read, ScopeSet.Write), start, null),
            Assert.Single(await ListAsync(subject))
        );

        await stores.InAsync((IAuthorizationCodeStore codes) => codes.TryRedeemAsync(code.Hash, stores.Now, null, Rows.Ct));
        Assert.Equal(stores.Now, Assert.Single(await ListAsync(subject)).LastUsedAt);
    }

    [Fact]
    public async Task Knows_the_last_refresh()
    {
        var (grant, token) = await stores.FamilyAsync();
        stores.Clock.Advance(TimeSpan.FromMinutes(1));
        var successor = Rows.RefreshToken(stores.Now, grant);
        await stores.InAsync((IRefreshTokenStore tokens) => tokens.TryRotateAsync(token.Hash, stores.Now, "salt", successor, Rows.Ct));
        Assert.Equal(stores.Now, Assert.Single(await ListAsync(grant.Subject)).LastUsedAt);
    }

    [Fact]
    public async Task Shows_neither_what_ended_nor_what_is_anothers()
    {
        var (grant, _) = await stores.AllowAsync();
        await stores.InAsync((IGrantStore grants) => grants.RevokeAsync(grant.Id, stores.Now, Rows.Ct));
        Assert.Empty(await ListAsync(grant.Subject));
        var (other, _) = await stores.AllowAsync();
        Assert.Empty(await ListAsync(grant.Subject));
        Assert.Empty(await stores.InAsync((IConnections connections) => connections.ListAsync(other.Subject, other.ExpiresAt, Rows.Ct)));
    }

    [Fact]
    public async Task Says_whether_there_was_anything_to_take_back()
    {
        var subject = Identifier.New("usr");
        await stores.RememberAsync(Rows.Consent(stores.Now, subject, "cli_remembered"));
        Assert.True(await DisconnectAsync(subject, "cli_remembered"));
        Assert.False(await DisconnectAsync(subject, "cli_remembered"));
        Assert.False(await DisconnectAsync(subject, "cli_unknown"));
    }

    [Fact]
    public async Task Disconnects_one_client_of_one_user()
    {
        var (subject, clientId) = (Identifier.New("usr"), Identifier.New("cli"));
        await stores.AllowAsync(subject, clientId);
        await stores.AllowAsync(subject, "cli_other");
        await stores.AllowAsync("usr_other", clientId);
        await stores.RememberAsync(Rows.Consent(stores.Now, subject, clientId));
        Assert.True(await DisconnectAsync(subject, clientId));
        Assert.Equal("cli_other", Assert.Single(await ListAsync(subject)).ClientId);
        Assert.Contains(await ListAsync("usr_other"), connection => connection.ClientId == clientId);
        Assert.Null(await stores.InAsync((IConsentStore consents) => consents.FindAsync(subject, clientId, Rows.Ct)));
    }

    private Task<bool> DisconnectAsync(string subject, string clientId) =>
        stores.InAsync((IConnections connections) => connections.DisconnectAsync(subject, clientId, stores.Now, Rows.Ct));

    private Task<IReadOnlyList<Connection>> ListAsync(string subject) =>
        stores.InAsync((IConnections connections) => connections.ListAsync(subject, stores.Now, Rows.Ct));
}
