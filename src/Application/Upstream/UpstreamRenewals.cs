using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OAuthMcp.Application.Protocol;
using OAuthMcp.Application.Settings;
using OAuthMcp.Application.Telemetry;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Application.Upstream;

/// <summary>
/// Renews tokens at their provider: one call of one process asks, and all others wait for it. A renewed token that cannot be stored
/// is kept in memory until it can, since the old one is used up.
/// </summary>
internal sealed class UpstreamRenewals(
    IUpstreamTokenStore store,
    IUpstreamProviders providers,
    OAuthSettings settings,
    TimeProvider time,
    ILogger<UpstreamRenewals> log
) : IUpstreamRenewals, IDisposable
{
    /// <summary>How long one process may take; a provider is given less to answer.</summary>
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(30);

    /// <summary>For how long a provider that failed is not asked again for this user, nor a store that failed for this token.</summary>
    private static readonly TimeSpan BackOff = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);
    private const int LastTries = 20;

    private readonly ConcurrentDictionary<(string Subject, string Provider), UpstreamToken> unsaved = new();
    private readonly SingleFlight<(string Subject, string Provider), bool> renewals = new();
    private readonly CancellationTokenSource ending = new();

    /// <summary>Renews the token. The outcome is in the store afterwards, or kept here.</summary>
    /// <param name="ct">Ends the waiting alone: the provider may have used up the old token by then.</param>
    public Task RenewAsync(UpstreamToken token, CancellationToken ct) =>
        renewals.RunAsync((token.Subject, token.Provider), () => RenewAsync(token), ct);

    public void Dispose() => ending.Dispose();

    /// <summary>Whether a renewed token of the user is still not stored.</summary>
    public bool Keeps(string subject, string provider) => unsaved.ContainsKey((subject, provider));

    /// <summary>True when no renewed token of the user is waiting to be stored.</summary>
    public async Task<bool> TrySaveKeptAsync(string subject, string provider, CancellationToken ct)
    {
        var key = (subject, provider);
        if (!unsaved.TryGetValue(key, out var renewed))
            return true;
        try
        {
            await StoreAsync(renewed, ct);
            if (unsaved.TryRemove(KeyValuePair.Create(key, renewed)))
                log.LogWarning("The renewed token of {Subject} at {Provider} is stored now, or of no use any more", subject, provider);
            return true;
        }
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            log.LogError(failure, "The renewed token of {Subject} at {Provider} is still not stored", subject, provider);
            return false;
        }
    }

    public async Task EndAsync(CancellationToken ct)
    {
        await renewals.EndAsync(ct);
        await ending.CancelAsync();
        for (var tries = 0; tries < LastTries && !unsaved.IsEmpty && !ct.IsCancellationRequested; tries++)
        {
            foreach (var (subject, provider) in unsaved.Keys)
                await TrySaveKeptAsync(subject, provider, CancellationToken.None);
            if (!unsaved.IsEmpty)
                await Task.Delay(LookAgain, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        foreach (var (subject, provider) in unsaved.Keys)
            log.LogCritical("The renewed token of {Subject} at {Provider} is lost; the account has to be linked anew", subject, provider);
    }

    private async Task<bool> RenewAsync(UpstreamToken token)
    {
        var (lease, now) = (Identifier.New("lse"), time.GetUtcNow());
        if (token.IsLeased(now) || !await store.TryLeaseAsync(token, lease, now, now + LeaseTime, CancellationToken.None))
        {
            await Task.Delay(LookAgain, CancellationToken.None); // another process asks the provider
            return false;
        }

        var renewal = await providers.RenewAsync(ProviderOf(token), token, CancellationToken.None);
        now = time.GetUtcNow();
        Instruments.Refreshed(token.Provider, renewal.Outcome);
        if (renewal is UpstreamRenewal.Renewed(var renewed))
        {
            await SaveAsync(token.Renew(renewed, now));
            return true;
        }

        var (refusals, detail) = renewal switch
        {
            UpstreamRenewal.Refused(var why) => (token.Refusals + 1, why),
            UpstreamRenewal.Unavailable(var why) => (token.Refusals, why),
            _ => throw new InvalidOperationException($"No answer to {renewal.GetType().Name}."),
        };
        log.LogWarning("The token of {Subject} at {Provider} was not renewed: {Detail}", token.Subject, token.Provider, detail);
        await store.ReleaseAsync(token, lease, refusals, now + BackOff, CancellationToken.None);
        return true;
    }

    private async Task SaveAsync(UpstreamToken renewed)
    {
        try
        {
            await StoreAsync(renewed, CancellationToken.None);
        }
        catch (Exception failure)
        {
            unsaved[(renewed.Subject, renewed.Provider)] = renewed;
            log.LogError(
                failure,
                "The renewed token of {Subject} at {Provider} was not stored and is kept in memory",
                renewed.Subject,
                renewed.Provider
            );
            _ = KeepTryingAsync(renewed.Subject, renewed.Provider);
        }
    }

    private async Task StoreAsync(UpstreamToken renewed, CancellationToken ct)
    {
        if (await store.TryRenewAsync(renewed, ct))
            return;
        // Somebody linked or renewed it meanwhile, and that token counts; or it was unlinked, and nobody needs this one.
        if (await store.FindAsync(renewed.Subject, renewed.Provider, ct) is null)
            await providers.RevokeAsync(ProviderOf(renewed), renewed, ct);
    }

    // The user may not come back for long, and what is in memory ends with the process.
    private async Task KeepTryingAsync(string subject, string provider)
    {
        do await Task.Delay(BackOff, time, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!ending.IsCancellationRequested && !await TrySaveKeptAsync(subject, provider, CancellationToken.None));
    }

    private UpstreamProvider ProviderOf(UpstreamToken token) =>
        settings.FindProvider(token.Provider) ?? throw new InvalidOperationException($"No provider {token.Provider}.");
}
