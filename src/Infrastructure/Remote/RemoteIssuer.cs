using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Application.Protocol;
using Polly.Timeout;

namespace OAuthMcp.Infrastructure.Remote;

/// <summary>
/// The metadata and keys of another issuer, found by discovery (RFC 8414 §3, OpenID Connect Discovery §4) and kept for an hour. An
/// unknown key makes it ask again, once for all who wait and only every few seconds, so that forged tokens do not flood the issuer.
/// </summary>
/// <param name="mayEndInSlash">Whether it may spell itself with a slash at the end that <paramref name="issuer"/> lacks: Gitea and
/// Forgejo do, by version and setting.</param>
/// <param name="hasKeys">Whether its keys are needed too.</param>
internal sealed class RemoteIssuer(string issuer, bool mayEndInSlash, bool hasKeys, RemoteHttp http, TimeProvider time)
{
    public static readonly TimeSpan Freshness = TimeSpan.FromHours(1);
    private static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(7); // less than those who wait for it have, so that all see how it ended

    private readonly SingleFlight<string, Snapshot> readings = new();
    private volatile Snapshot? current;

    /// <summary>Metadata and keys, those of the last reading while a new one fails.</summary>
    /// <exception cref="RemoteException">There is no metadata of this issuer, and never was.</exception>
    public Task<Snapshot> GetAsync(CancellationToken ct) =>
        current is { } known && time.GetUtcNow() < known.GoodUntil ? Task.FromResult(known) : ReadAsync(current, ct);

    /// <summary>
    /// Metadata and keys that are newer than <paramref name="outdated"/>, which lacks a key; the same when they were read a moment
    /// ago.
    /// </summary>
    public Task<Snapshot> RefreshAsync(Snapshot outdated, CancellationToken ct) =>
        time.GetUtcNow() < outdated.AskedAt + LeastInterval ? Task.FromResult(outdated) : ReadAsync(outdated, ct);

    // A reading that has ended meanwhile is new enough.
    private Task<Snapshot> ReadAsync(Snapshot? outdated, CancellationToken ct) =>
        readings.RunAsync(
            issuer,
            () =>
                current is { } newer && newer != outdated
                    ? Task.FromResult(newer)
                    : Task.Run(() => ReadAsync(outdated), CancellationToken.None),
            ct
        );

    private async Task<Snapshot> ReadAsync(Snapshot? outdated)
    {
        using var budget = new CancellationTokenSource(Budget);
        try
        {
            var metadata = await DiscoverAsync(budget.Token);
            var keys = hasKeys
                ? ReadKeys(
                    await http.GetAsync(
                        Checked(metadata.Text("jwks_uri") ?? throw new RemoteException("the metadata lacks jwks_uri")),
                        null,
                        budget.Token
                    )
                )
                : [];
            return current = new Snapshot(metadata, keys, time.GetUtcNow(), time.GetUtcNow() + Freshness, IsOutdated: false);
        }
        catch (Exception failure)
            when (failure is RemoteException or HttpRequestException or TimeoutRejectedException or OperationCanceledException)
        {
            if (outdated is null)
                throw new RemoteException(RemoteException.Describe(failure));
            // Used a little longer, so that not every request waits for an issuer that is down.
            return current = outdated with
            {
                AskedAt = time.GetUtcNow(),
                GoodUntil = time.GetUtcNow() + PauseAfterFailure,
                IsOutdated = true,
            };
        }
    }

    /// <summary>An endpoint of the metadata. It must be https, or loopback where the issuer is.</summary>
    /// <exception cref="RemoteException">It is missing or unsafe.</exception>
    public string Endpoint(Snapshot snapshot, string name) =>
        Checked(snapshot.Metadata.Text(name) ?? throw new RemoteException($"the metadata lacks {name}"));

    private string Checked(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && (uri.Scheme == "https" || (uri.Scheme == "http" && uri.IsLoopback && issuer.StartsWith("http:", StringComparison.Ordinal)))
        && uri.UserInfo == ""
        && uri.Fragment == ""
            ? url
            : throw new RemoteException("the metadata names an unsafe URL");

    // RFC 7517 §5: a key that is not understood is ignored.
    private static IReadOnlyList<SecurityKey> ReadKeys(JsonElement keySet)
    {
        if (!keySet.TryGetProperty("keys", out var entries) || entries.ValueKind != JsonValueKind.Array)
            throw new RemoteException("the key set is none");
        IReadOnlyList<SecurityKey> keys = [.. entries.EnumerateArray().Select(ReadKey).OfType<SecurityKey>()];
        return keys.Count > 0 ? keys : throw new RemoteException("the key set has no key to verify with");
    }

    private static SecurityKey? ReadKey(JsonElement entry)
    {
        try
        {
            var set = new JsonWebKeySet();
            set.Keys.Add(new JsonWebKey(entry.GetRawText()));
            return set.GetSigningKeys().SingleOrDefault(key => key is AsymmetricSecurityKey);
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or CryptographicException)
        {
            return null;
        }
    }

    private async Task<JsonElement> DiscoverAsync(CancellationToken ct)
    {
        RemoteException? failure = null;
        foreach (var url in Locations())
        {
            try
            {
                var metadata = await http.GetAsync(url, null, ct);
                // RFC 8414 §3.3: a document that names another issuer must not be used.
                if (metadata.Text("issuer") is { } named && (named == issuer || (mayEndInSlash && named == $"{issuer}/")))
                    return metadata;
                failure = new RemoteException("the metadata is another issuer's");
            }
            catch (RemoteException notThere)
            {
                failure ??= notThere;
            }
        }

        throw failure!;
    }

    // OpenID Connect appends the well-known path to the issuer, RFC 8414 puts it in front of the issuer's path.
    private IEnumerable<string> Locations()
    {
        var (origin, path) = (new Uri(issuer).GetLeftPart(UriPartial.Authority), new Uri(issuer).AbsolutePath.TrimEnd('/'));
        return new[]
        {
            $"{issuer.TrimEnd('/')}/.well-known/openid-configuration",
            $"{origin}/.well-known/oauth-authorization-server{path}",
            $"{origin}/.well-known/openid-configuration{path}",
        }.Distinct();
    }

    /// <param name="IsOutdated">Whether the issuer was asked again and could not be reached.</param>
    internal sealed record Snapshot(
        JsonElement Metadata,
        IReadOnlyList<SecurityKey> Keys,
        DateTimeOffset AskedAt,
        DateTimeOffset GoodUntil,
        bool IsOutdated
    )
    {
        /// <summary>As the issuer spells itself.</summary>
        public string Issuer => Metadata.Text("issuer")!;
    }
}
