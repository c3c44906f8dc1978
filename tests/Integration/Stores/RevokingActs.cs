using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Keys;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure;
using OAuthMcp.Infrastructure.Persistence;
using OAuthMcp.Infrastructure.Persistence.Revocations;

namespace OAuthMcp.Integration.Stores;

/// <summary>Every act of a store, and whether servers have to hear of it.</summary>
internal static class RevokingActs
{
    /// <summary>Does the act, and says what the feed has to tell of it.</summary>
    public static readonly IReadOnlyDictionary<string, Func<StoreFixture, Task<(RevocationKind Kind, string Id)>>> All = new Dictionary<
        string,
        Func<StoreFixture, Task<(RevocationKind, string)>>
    >
    {
        ["IGrantStore.RevokeAsync"] = async stores =>
        {
            var (grant, _) = await stores.AllowAsync();
            await stores.InAsync((IGrantStore grants) => grants.RevokeAsync(grant.Id, stores.Now, Rows.Ct));
            return (RevocationKind.Grant, grant.Id);
        },
        ["IGrantAdministration.TryRevokeAsync"] = async stores =>
        {
            var (grant, _) = await stores.AllowAsync();
            await stores.InAsync((IGrantAdministration grants) => grants.TryRevokeAsync(grant.Id, stores.Now, Rows.Ct));
            return (RevocationKind.Grant, grant.Id);
        },
        ["IAccessTokenStore.RevokeAsync"] = async stores =>
        {
            var token = Rows.AccessToken(stores.Now, grant: null);
            await stores.InAsync((IAccessTokenStore tokens) => tokens.RevokeAsync(token, Rows.Ct));
            return (RevocationKind.Token, token.JwtId);
        },
        ["IConnections.DisconnectAsync"] = async stores =>
        {
            var (grant, _) = await stores.AllowAsync();
            await stores.InAsync(
                (IConnections connections) => connections.DisconnectAsync(grant.Subject, grant.ClientId, stores.Now, Rows.Ct)
            );
            return (RevocationKind.User, grant.Subject);
        },
        ["IAccounts.SetPasswordAsync"] = stores =>
            OfAccountAsync(stores, account =>
                stores.InAsync((IAccounts accounts) => accounts.SetPasswordAsync(account.UserName, Rows.Password, null, Rows.Ct))
            ),
        ["IAccountAdministration.TryDisableAsync"] = stores =>
            OfAccountAsync(stores, account =>
                stores.InAsync((IAccountAdministration accounts) => accounts.TryDisableAsync(account.UserName, Rows.Ct))
            ),
        ["IAccountAdministration.TryEnableAsync"] = stores =>
            OfAccountAsync(stores, account =>
                stores.InAsync((IAccountAdministration accounts) => accounts.TryEnableAsync(account.UserName, Rows.Ct))
            ),
        ["IAccountAdministration.TryDeleteAsync"] = stores =>
            OfAccountAsync(stores, account =>
                stores.InAsync((IAccountAdministration accounts) => accounts.TryDeleteAsync(account.UserName, Rows.Ct))
            ),
        ["IAccountAdministration.EndAllAsync"] = async stores =>
        {
            await stores.AllowAsync();
            await stores.InAsync((IAccountAdministration accounts) => accounts.EndAllAsync(Rows.Ct));
            return (RevocationKind.Everything, RevocationFeed.All);
        },
        ["IClientStore.ReplaceAsync"] = stores =>
            OfClientAsync(stores, client => stores.InAsync((IClientStore clients) => clients.ReplaceAsync(client, Rows.Ct))),
        ["IClientStore.DeleteAsync"] = stores =>
            OfClientAsync(stores, client => stores.InAsync((IClientStore clients) => clients.DeleteAsync(client.Id, stores.Now, Rows.Ct))),
        ["IClientAdministration.TryDisableAsync"] = stores =>
            OfClientAsync(stores, client =>
                stores.InAsync((IClientAdministration clients) => clients.TryDisableAsync(client.Id, stores.Now, Rows.Ct))
            ),
        ["ISigningKeys.TryWithdrawAsync"] = stores => OfKeyAsync(stores, (keys, key) => keys.TryWithdrawAsync(key, Rows.Ct)),
        ["ISigningKeys.TryDeleteAsync"] = stores => OfKeyAsync(stores, (keys, key) => keys.TryDeleteAsync(key, Rows.Ct)),
        ["IProtocolSessions.ForgetAsync"] = stores =>
            OfSessionAsync(stores, "usr_1", id =>
                stores.InAsync((IProtocolSessions sessions) => sessions.ForgetAsync(id.Reveal(), "usr_1", Rows.Ct))
            ),
        ["ISessionAdministration.TryEndAsync"] = stores =>
            OfSessionAsync(stores, "usr_1", id =>
                stores.InAsync((ISessionAdministration sessions) => sessions.TryEndAsync(TokenHash.Of(id).Value, Rows.Ct))
            ),
        ["ISessionAdministration.EndAllOfAsync"] = async stores =>
        {
            var account = await stores.AccountAsync();
            return await OfSessionAsync(stores, account.Subject, _ =>
                stores.InAsync((ISessionAdministration sessions) => sessions.EndAllOfAsync(account.UserName, Rows.Ct))
            );
        },
    };

    /// <summary>
    /// They leave every access token and every session as good as it was, what only reads left out.
    /// </summary>
    public static readonly IReadOnlyCollection<string> Quiet =
    [
        "IAccountAdministration.TryResetFactorsAsync",
        "IAccounts.AddAsync",
        "IAccounts.CheckPasswordAsync",
        "IAuthorizationCodeStore.TryRedeemAsync",
        "IAuthorizationRequestStore.DropAsync",
        "IAuthorizationRequestStore.TryAddAsync",
        "IAuthorizationRequestStore.TryAnswerAsync",
        "IAuthorizationRequestStore.TryApproveAsync",
        "IAuthorizationRequestStore.TryChooseAsync",
        "IClientStore.TryAddAsync",
        "IClientStore.TryForgetUnusedAsync", // one that nobody has granted anything, and that has no token of its own
        "IFailedSignIns.CountAsync",
        "IFailureCounts.CountAsync",
        "IFailureCounts.WaitAsync",
        "IProtocolSessions.TryKeepAsync",
        "IRecoveryCodes.TryReplaceAsync",
        "IRefreshTokenStore.TryRotateAsync",
        "ISecondFactors.CheckCodeAsync",
        "ISecondFactors.ProposeAsync",
        "ISecondFactors.TryTurnOnAsync",
        "ISecondFactors.TurnOffAsync",
        "ISessionStamps.EndAsync",
        "ISigningKeys.AddAsync",
        "IUpstreamAccounts.SignInAsync",
        "IUpstreamAccounts.TryUnlinkAsync",
        "IUpstreamSignIns.TryAddAsync",
        "IUpstreamSignIns.TryUseAsync",
        "IUsedOnce.TryUseAsync",
    ];

    /// <summary>Of every port that a class with the database in its hands implements; acts that only read left out.</summary>
    public static IEnumerable<string> OfAllStores() =>
        typeof(InfrastructureServices)
            .Assembly.GetTypes()
            .Where(type =>
                type.GetConstructors()
                    .SelectMany(made => made.GetParameters())
                    .Any(part => part.ParameterType == typeof(OAuthDbContext) || part.ParameterType == typeof(Lazy<OAuthDbContext>))
            )
            .SelectMany(type => type.GetInterfaces())
            .Where(port => port.Assembly == typeof(IGrantStore).Assembly)
            .Distinct()
            .SelectMany(port => port.GetMethods().Select(act => $"{port.Name}.{act.Name}"))
            .Distinct()
            .Where(act => !act.Contains(".Find", StringComparison.Ordinal) && !act.Contains(".List", StringComparison.Ordinal));

    private static async Task<(RevocationKind, string)> OfAccountAsync(StoreFixture stores, Func<SignedInAccount, Task> act)
    {
        var account = await stores.AccountAsync();
        await act(account);
        return (RevocationKind.User, account.Subject);
    }

    private static async Task<(RevocationKind, string)> OfClientAsync(StoreFixture stores, Func<Domain.Clients.Client, Task> act)
    {
        var client = Rows.Client(stores.Now, ClientOrigin.Registered);
        await stores.InAsync((IClientStore clients) => clients.TryAddAsync(client, 0, Rows.Ct));
        await act(client);
        return (RevocationKind.Client, client.Id);
    }

    private static async Task<(RevocationKind, string)> OfSessionAsync(StoreFixture stores, string subject, Func<Secret, Task> act)
    {
        var id = Secret.Generate();
        await stores.InAsync(
            (IProtocolSessions sessions) => sessions.TryKeepAsync(id.Reveal(), subject, "{}", stores.Now.AddDays(1), 0, Rows.Ct)
        );
        await act(id);
        return (RevocationKind.Session, TokenHash.Of(id).Value);
    }

    private static async Task<(RevocationKind, string)> OfKeyAsync(StoreFixture stores, Func<ISigningKeys, string, Task> act)
    {
        var key = await stores.InAsync((ISigningKeys keys) => keys.AddAsync("ES256", stores.Now, Rows.Ct));
        await stores.InAsync((ISigningKeys keys) => act(keys, key.KeyId));
        return (RevocationKind.Key, key.KeyId);
    }
}
