using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Application.Upstream;

/// <summary>
/// The user's own token at the provider, renewed when it expires. Of all processes one asks the provider, the others
/// wait for its result. A renewed token that the store does not take is kept until it does: the old one is used up.
/// </summary>
internal sealed class UpstreamTokens(IUpstreamTokenStore store, IUpstreamProviders providers, OAuthSettings settings, TimeProvider time, ILogger<UpstreamTokens> log) : IDownstreamTokens
{
    /// <summary>Longer than the provider is given to answer: whoever has not finished by then never will.</summary>
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(30);

    /// <summary>How long a provider that failed is left alone for this user.</summary>
    private static readonly TimeSpan BackOff = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(9);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<(string Subject, string Provider), UpstreamToken> unsaved = new();

    private UpstreamProvider Provider => settings.FindProvider(settings.DownstreamProvider) ?? settings.Providers[0];

    public async Task<DownstreamToken> GetAsync(Caller caller, Secret? refused, CancellationToken ct)
    {
        if (caller.Subject == caller.ClientId) return new DownstreamToken(null, $"This tool works with a person's {Provider.DisplayName} account, and you are a machine.");
        await SaveLeftoverAsync(caller.Subject, ct);

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(LongestWait);
        try
        {
            return await GetAsync(caller.Subject, refused, patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new DownstreamToken(null, $"The {Provider.DisplayName} token is being renewed, which takes longer than it should. Try again in a moment.");
        }
    }

    private async Task<DownstreamToken> GetAsync(string subject, Secret? refused, CancellationToken ct)
    {
        var lease = Identifier.New("lse");
        while (true)
        {
            var now = time.GetUtcNow();
            var token = await store.FindAsync(subject, Provider.Name, ct);
            if (token is null || token.IsDead(now)) return LinkRequired($"There is no {Provider.DisplayName} account linked to yours, or it has to be linked anew");
            if (Provider.Missing(token) is { Count: > 0 } missing) return LinkRequired($"{Provider.DisplayName} granted less than this tool needs ({string.Join(", ", missing)} is missing); link the account anew");
            if (token.RefreshToken is null && !IsUsable(token, refused, now)) return LinkRequired($"{Provider.DisplayName} does not take your token any more; link the account anew");
            if (IsUsable(token, refused, now) && !token.IsDue(now)) return new DownstreamToken(token.AccessToken);

            if (await store.TryLeaseAsync(token, lease, now, now + LeaseTime, ct)) return await RenewAsync(token, lease, refused, ct);
            // Somebody asks the provider now, and is worth waiting for; or has just failed, and then an attempt more would do no better.
            if (token.IsLeased(now) && (token.Lease is null || IsUsable(token, refused, now))) return AsItIs(token, refused, now);
            await Task.Delay(LookAgain, ct);
        }
    }

    private async Task<DownstreamToken> RenewAsync(UpstreamToken token, string lease, Secret? refused, CancellationToken ct)
    {
        // Not cancelled with the call: the provider may have used up the old token by then.
        var renewal = await providers.RenewAsync(Provider, token.RefreshToken!, CancellationToken.None);
        var now = time.GetUtcNow();
        if (renewal is UpstreamRenewal.Renewed(var renewed)) return await SaveAsync(token.Renew(renewed, now), ct);

        var (refusals, detail) = renewal switch
        {
            UpstreamRenewal.Refused(var why) => (token.Refusals + 1, why),
            UpstreamRenewal.Unavailable(var why) => (token.Refusals, why),
            _ => throw new InvalidOperationException($"No answer to {renewal.GetType().Name}."),
        };
        log.LogWarning("The token of {Subject} at {Provider} was not renewed: {Detail}", token.Subject, token.Provider, detail);
        await store.ReleaseAsync(token, lease, refusals, now + BackOff, ct);
        return (token with { Refusals = refusals }).IsDead(now) ? LinkRequired($"{Provider.DisplayName} has withdrawn your token; link the account anew") : AsItIs(token, refused, now);
    }

    private async Task<DownstreamToken> SaveAsync(UpstreamToken renewed, CancellationToken ct)
    {
        try
        {
            if (await store.TryRenewAsync(renewed, CancellationToken.None)) return new DownstreamToken(renewed.AccessToken);
        }
        catch (Exception failure)
        {
            unsaved[(renewed.Subject, renewed.Provider)] = renewed;
            log.LogError(failure, "The renewed token of {Subject} at {Provider} was not stored and is kept in memory", renewed.Subject, renewed.Provider);
            return new DownstreamToken(null, $"The renewed {Provider.DisplayName} token could not be stored. It is kept; try again in a moment.");
        }

        // Unlinked, linked anew or renewed by another meanwhile: what is stored counts.
        return await GetAsync(renewed.Subject, null, ct);
    }

    private async Task SaveLeftoverAsync(string subject, CancellationToken ct)
    {
        var key = (subject, Provider.Name);
        if (!unsaved.TryGetValue(key, out var renewed)) return;
        await store.TryRenewAsync(renewed, ct);
        unsaved.TryRemove(KeyValuePair.Create(key, renewed));
    }

    private static bool IsUsable(UpstreamToken token, Secret? refused, DateTimeOffset now) => token.IsLive(now) && !token.AccessToken.Equals(refused);

    private DownstreamToken AsItIs(UpstreamToken token, Secret? refused, DateTimeOffset now) => IsUsable(token, refused, now)
        ? new DownstreamToken(token.AccessToken)
        : new DownstreamToken(null, $"{Provider.DisplayName} cannot renew your token right now. Try again in a few seconds.");

    private DownstreamToken LinkRequired(string why) => new(null, $"{why}: {settings.Issuer}/connections", $"{settings.Issuer}/connections");
}
