using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OAuthMcp.Application.Settings;
using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Application.Upstream;

/// <summary>
/// The user's own token at the provider, renewed when it expires. Of all calls of this process, and of all processes,
/// one asks the provider and the others wait for it. A renewed token that the store does not take is kept until it
/// does: the old one is used up.
/// </summary>
internal sealed class UpstreamTokens(
    IUpstreamTokenStore store,
    IUpstreamProviders providers,
    OAuthSettings settings,
    TimeProvider time,
    ILogger<UpstreamTokens> log
) : IDownstreamTokens
{
    /// <summary>Longer than the provider is given to answer: whoever has not finished by then never will.</summary>
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(30);

    /// <summary>How long a provider that failed is left alone for this user.</summary>
    private static readonly TimeSpan BackOff = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(9);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<(string Subject, string Provider), UpstreamToken> unsaved = new();
    private readonly ConcurrentDictionary<string, Lazy<Task>> renewals = new(); // by subject

    private UpstreamProvider Provider => settings.FindProvider(settings.DownstreamProvider) ?? settings.Providers[0];

    public async Task<DownstreamToken> GetAsync(Caller caller, Secret? refused, CancellationToken ct)
    {
        if (caller.Subject == caller.ClientId)
            return new DownstreamToken(null, $"This tool works with a person's {Provider.DisplayName} account, and you are a machine.");
        if (!await TrySaveLeftoverAsync(caller.Subject, ct))
            return NotStored();

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(LongestWait);
        try
        {
            return await GetAsync(caller.Subject, refused, patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new DownstreamToken(
                null,
                $"The {Provider.DisplayName} token is being renewed, which takes longer than it should. Try again in a moment."
            );
        }
    }

    private async Task<DownstreamToken> GetAsync(string subject, Secret? refused, CancellationToken ct)
    {
        UpstreamToken? first = null;
        for (var hasWaited = false; ; hasWaited = true)
        {
            var now = time.GetUtcNow();
            var token = await store.FindAsync(subject, Provider.Name, ct);
            if (token is null || token.IsDead(now))
                return LinkRequired($"There is no {Provider.DisplayName} account linked to yours, or it has to be linked anew");
            if (Provider.Missing(token) is { Count: > 0 } missing)
                return LinkRequired(
                    $"{Provider.DisplayName} granted less than this tool needs ({string.Join(", ", missing)} is missing); link the account anew"
                );
            first ??= token;
            // Some providers renew a token by the same one: what the API says of that then is its answer.
            var isUsable = token.IsLive(now) && (token.Generation != first.Generation || !token.AccessToken.Equals(refused));
            if (token.RefreshToken is null && !isUsable)
                return LinkRequired($"{Provider.DisplayName} does not take your token any more; link the account anew");
            // One that is due soon will do where somebody asks the provider now, or has just done so: some never hand out longer ones.
            if (isUsable && (hasWaited || token.IsLeased(now) || !token.IsDue(now)))
                return new DownstreamToken(token.AccessToken);
            // Somebody has just failed, and another attempt would do no better.
            if (token.IsLeased(now) && token.Lease is null)
                return new DownstreamToken(null, $"{Provider.DisplayName} cannot renew your token right now. Try again in a few seconds.");

            await renewals.GetOrAdd(subject, _ => new Lazy<Task>(() => RenewAsync(token))).Value.WaitAsync(ct);
            if (unsaved.ContainsKey((subject, Provider.Name)))
                return NotStored();
        }
    }

    /// <summary>
    /// For every call of this process that waits for it, and cancelled with none: the provider may have used up the old token by then.
    /// What came of it is in the store.
    /// </summary>
    private async Task RenewAsync(UpstreamToken token)
    {
        try
        {
            var (lease, now) = (Identifier.New("lse"), time.GetUtcNow());
            if (token.IsLeased(now) || !await store.TryLeaseAsync(token, lease, now, now + LeaseTime, CancellationToken.None))
            {
                await Task.Delay(LookAgain, CancellationToken.None); // another process asks the provider
                return;
            }

            var renewal = await providers.RenewAsync(Provider, token, CancellationToken.None);
            now = time.GetUtcNow();
            if (renewal is UpstreamRenewal.Renewed(var renewed))
            {
                await SaveAsync(token.Renew(renewed, now));
                return;
            }

            var (refusals, detail) = renewal switch
            {
                UpstreamRenewal.Refused(var why) => (token.Refusals + 1, why),
                UpstreamRenewal.Unavailable(var why) => (token.Refusals, why),
                _ => throw new InvalidOperationException($"No answer to {renewal.GetType().Name}."),
            };
            log.LogWarning("The token of {Subject} at {Provider} was not renewed: {Detail}", token.Subject, token.Provider, detail);
            await store.ReleaseAsync(token, lease, refusals, now + BackOff, CancellationToken.None);
        }
        finally
        {
            renewals.TryRemove(token.Subject, out _);
        }
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
            _ = KeepTryingAsync(renewed.Subject);
        }
    }

    private async Task StoreAsync(UpstreamToken renewed, CancellationToken ct)
    {
        if (await store.TryRenewAsync(renewed, ct))
            return;
        // Linked anew or renewed by another meanwhile, and what is stored counts; or unlinked, and nobody needs it any more.
        if (await store.FindAsync(renewed.Subject, renewed.Provider, ct) is null)
            await providers.RevokeAsync(Provider, renewed, ct);
    }

    // The user may not come back for long, and what is only in memory ends with the process.
    private async Task KeepTryingAsync(string subject)
    {
        do await Task.Delay(BackOff, time, CancellationToken.None);
        while (!await TrySaveLeftoverAsync(subject, CancellationToken.None));
    }

    private async Task<bool> TrySaveLeftoverAsync(string subject, CancellationToken ct)
    {
        var key = (subject, Provider.Name);
        if (!unsaved.TryGetValue(key, out var renewed))
            return true;
        try
        {
            await StoreAsync(renewed, ct);
            if (unsaved.TryRemove(KeyValuePair.Create(key, renewed)))
                log.LogWarning(
                    "The renewed token of {Subject} at {Provider} is stored now, or of no use any more",
                    renewed.Subject,
                    renewed.Provider
                );
            return true;
        }
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            log.LogError(failure, "The renewed token of {Subject} at {Provider} is still not stored", renewed.Subject, renewed.Provider);
            return false;
        }
    }

    private DownstreamToken NotStored() =>
        new(null, $"The renewed {Provider.DisplayName} token could not be stored. It is kept; try again in a moment.");

    private DownstreamToken LinkRequired(string why) =>
        new(null, $"{why}: {settings.Issuer}/connections", $"{settings.Issuer}/connections");
}
