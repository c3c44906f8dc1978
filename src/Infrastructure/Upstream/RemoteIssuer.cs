using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace OAuthMcp.Infrastructure.Upstream;

/// <summary>
/// Another issuer's metadata and keys, by discovery (RFC 8414 §3, OpenID Connect Discovery §4), kept for an hour. A key
/// that is not known makes it look once more, though not more often than every few seconds: who forges tokens must not
/// make this server ask.
/// </summary>
/// <param name="mayEndInSlash">Whether it may spell itself with a slash at the end that <paramref name="issuer"/> lacks: Gitea and Forgejo do, by version and setting.</param>
internal sealed class RemoteIssuer(string issuer, bool mayEndInSlash, UpstreamHttp http, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Freshness = TimeSpan.FromHours(1);
    private static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim reading = new(1);
    private volatile Snapshot? current;

    /// <summary>Metadata and keys; of the last reading while a new one fails.</summary>
    /// <exception cref="UpstreamException">There is no metadata of this issuer, and never was.</exception>
    public async Task<Snapshot> GetAsync(CancellationToken ct) => current is { } known && time.GetUtcNow() < known.ReadAt + Freshness ? known : await ReadAsync(current, ct);

    /// <summary>Metadata and keys read after <paramref name="outdated"/>, which lacks a key; the same when it is too young to be outdated.</summary>
    public Task<Snapshot> RefreshAsync(Snapshot outdated, CancellationToken ct) =>
        time.GetUtcNow() < outdated.ReadAt + LeastInterval ? Task.FromResult(outdated) : ReadAsync(outdated, ct);

    public void Dispose() => reading.Dispose();

    private async Task<Snapshot> ReadAsync(Snapshot? outdated, CancellationToken ct)
    {
        await reading.WaitAsync(ct);
        try
        {
            if (current is { } newer && newer != outdated) return newer;
            var metadata = await DiscoverAsync(ct);
            var keys = metadata.Text("jwks_uri") is { } jwks ? ReadKeys(await http.GetAsync(Checked(jwks), null, ct)) : [];
            return current = new Snapshot(metadata, [.. keys], time.GetUtcNow());
        }
        catch (Exception failure) when (outdated is not null && failure is UpstreamException or HttpRequestException or Polly.Timeout.TimeoutRejectedException)
        {
            // Good for a little longer, so that not every request waits for an issuer that is down.
            return current = outdated with { ReadAt = time.GetUtcNow() - Freshness + PauseAfterFailure };
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>An endpoint of the metadata: https, or loopback like the issuer itself.</summary>
    /// <exception cref="UpstreamException">It is missing or unsafe.</exception>
    public string Endpoint(Snapshot snapshot, string name) => Checked(snapshot.Metadata.Text(name) ?? throw new UpstreamException($"the metadata lacks {name}"));

    private string Checked(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme == "https" || (uri.Scheme == "http" && uri.IsLoopback && issuer.StartsWith("http:", StringComparison.Ordinal))) && uri.UserInfo == ""
        ? url
        : throw new UpstreamException("the metadata names an unsafe URL");

    private static IList<SecurityKey> ReadKeys(JsonElement keySet)
    {
        try
        {
            return new JsonWebKeySet(keySet.GetRawText()).GetSigningKeys();
        }
        catch (ArgumentException)
        {
            throw new UpstreamException("the key set is none");
        }
    }

    private async Task<JsonElement> DiscoverAsync(CancellationToken ct)
    {
        UpstreamException? failure = null;
        foreach (var url in Locations())
        {
            try
            {
                var metadata = await http.GetAsync(url, null, ct);
                // RFC 8414 §3.3: a document of another issuer is not to be used.
                if (metadata.Text("issuer") is { } named && (named == issuer || (mayEndInSlash && named == $"{issuer}/"))) return metadata;
                failure = new UpstreamException("the metadata is another issuer's");
            }
            catch (UpstreamException notThere)
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
        return new[] { $"{issuer.TrimEnd('/')}/.well-known/openid-configuration", $"{origin}/.well-known/oauth-authorization-server{path}", $"{origin}/.well-known/openid-configuration{path}" }.Distinct();
    }

    internal sealed record Snapshot(JsonElement Metadata, IReadOnlyList<SecurityKey> Keys, DateTimeOffset ReadAt)
    {
        /// <summary>As the issuer spells itself.</summary>
        public string Issuer => Metadata.Text("issuer")!;
    }
}
