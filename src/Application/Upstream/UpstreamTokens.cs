using OAuthMcp.Application.Settings;
using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Application.Upstream;

/// <summary>The user's own token at the provider, renewed when it expires; otherwise what the user can do about it.</summary>
internal sealed class UpstreamTokens(IUpstreamTokenStore store, UpstreamRenewals renewals, OAuthSettings settings, TimeProvider time)
    : IDownstreamTokens
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(9);

    private UpstreamProvider Provider => settings.FindProvider(settings.DownstreamProvider) ?? settings.Providers[0];

    public async Task<DownstreamToken> GetAsync(Caller caller, Secret? refused, CancellationToken ct)
    {
        if (caller.Subject == caller.ClientId)
            return new DownstreamToken(null, $"This tool works with a person's {Provider.DisplayName} account, and you are a machine.");
        if (!await renewals.TrySaveKeptAsync(caller.Subject, Provider.Name, ct))
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
                    $"{Provider.DisplayName} granted less than this tool needs ({string.Join(", ", missing)} is missing); "
                        + "link the account anew"
                );
            first ??= token;
            // Some providers renew a token with the same one. When the API refuses that again, its answer stands.
            var isUsable = token.IsLive(now) && (token.Generation != first.Generation || !token.AccessToken.Equals(refused));
            if (token.RefreshToken is null && !isUsable)
                return LinkRequired($"{Provider.DisplayName} does not take your token any more; link the account anew");
            // A token that expires soon will do while somebody renews it or just has: some providers never issue longer ones.
            if (isUsable && (hasWaited || token.IsLeased(now) || !token.IsDue(now)))
                return new DownstreamToken(token.AccessToken);
            // Somebody has just failed, so another try would fail as well.
            if (token.IsLeased(now) && token.Lease is null)
                return new DownstreamToken(null, $"{Provider.DisplayName} cannot renew your token right now. Try again in a few seconds.");

            await renewals.RenewAsync(token, ct);
            if (renewals.Keeps(subject, Provider.Name))
                return NotStored();
        }
    }

    private DownstreamToken NotStored() =>
        new(null, $"The renewed {Provider.DisplayName} token could not be stored. It is kept; try again in a moment.");

    private DownstreamToken LinkRequired(string why) =>
        new(null, $"{why}: {settings.Issuer}/connections", $"{settings.Issuer}/connections");
}
