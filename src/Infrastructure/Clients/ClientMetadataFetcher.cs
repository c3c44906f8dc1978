using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.Extensions.Caching.Memory;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Infrastructure.Clients;

/// <summary>
/// Fetches client-id metadata documents and key sets. The address is checked after resolution and then connected to, no redirect is
/// followed, and an answer has 5 KB and 5 s. A failure is remembered for a minute and says nothing about the network.
/// </summary>
internal sealed class ClientMetadataFetcher : IMetadataDocuments, IDisposable
{
    private const string Unreadable = "The document cannot be fetched.";
    public const int MaxDocumentSize = 5 * 1024;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestFresh = TimeSpan.FromHours(24);
    private static readonly TimeSpan FailureMemory = TimeSpan.FromMinutes(1);

    private readonly bool allowLoopback;
    private readonly HttpClient http;
    private readonly FetchPlaces places = new();
    private readonly MemoryCache failures = new(new MemoryCacheOptions { SizeLimit = 1_000 });
    private readonly MemoryCache keySets = new(new MemoryCacheOptions { SizeLimit = 1_000 });

    public ClientMetadataFetcher(OAuthSettings settings)
    {
        allowLoopback = settings.MetadataDocuments?.AllowLoopback == true;
        http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.All,
                ConnectCallback = ConnectAsync,
                MaxConnectionsPerServer = 2,
                UseCookies = false,
                UseProxy = false,
                PooledConnectionLifetime = TimeSpan.Zero,
                ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
            }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
    }

    public async Task<Result<MetadataDocument>> FetchAsync(string url, CancellationToken ct) =>
        !(await GuardedFetchAsync(url, ct)).Try(out var fetched, out var refusal) ? refusal
        : ClientMetadataReader.Read(fetched.Body).Try(out var metadata, out refusal) ? new MetadataDocument(metadata, fetched.FreshFor)
        : refusal;

    public async Task<string?> FetchKeysAsync(string url, CancellationToken ct)
    {
        if (keySets.TryGetValue(url, out string? known))
            return known;
        if (!(await GuardedFetchAsync(url, ct)).Try(out var fetched, out _))
            return null;
        var jwks = System.Text.Encoding.UTF8.GetString(fetched.Body);
        // For a short time, whatever the headers say, so that a key which its owner withdrew stops working here.
        return keySets.Set(url, jwks, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(5) });
    }

    public void Dispose()
    {
        http.Dispose();
        places.Dispose();
        failures.Dispose();
        keySets.Dispose();
    }

    private async Task<Result<Fetched>> GuardedFetchAsync(string url, CancellationToken ct)
    {
        if (failures.TryGetValue(url, out OAuthError? known))
            return known!;
        var host = new Uri(url).Authority;
        // The document is not to blame for a full queue, so nothing is remembered of it.
        using var place = await places.EnterAsync(host, ct);
        if (place is null)
            return NoAnswer;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(TimeLimit);
        var result = await TryReadAsync(url, timeout.Token, ct);
        places.Note(host, isSlow: timeout.IsCancellationRequested);
        if (result.Error is { } failure)
            failures.Set(url, failure, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = FailureMemory });
        return result;
    }

    private async Task<Result<Fetched>> TryReadAsync(string url, CancellationToken timeout, CancellationToken ct)
    {
        try
        {
            return await ReadAsync(url, timeout);
        }
        catch (Exception failure)
            when (!ct.IsCancellationRequested && failure is HttpRequestException or OperationCanceledException or IOException)
        {
            return NoAnswer; // the reason would tell the user about the network
        }
        catch (Exception failure) when (failure is InvalidDataException or InvalidOperationException)
        {
            return NoDocument; // not compressed as it says; the latter is from the Brotli stream
        }
    }

    private async Task<Result<Fetched>> ReadAsync(string url, CancellationToken ct)
    {
        using var response = await http.GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead, ct);
        if (response.StatusCode is >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests)
            return NoAnswer;
        if (response.StatusCode != HttpStatusCode.OK || !IsJson(response.Content.Headers.ContentType))
            return NoDocument;

        await using var body = await response.Content.ReadAsStreamAsync(ct);
        var buffer = new byte[MaxDocumentSize + 1];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        return length > MaxDocumentSize ? NoDocument : new Fetched(buffer[..length], FreshFor(response.Headers.CacheControl));
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, ct);
        // A single address that is not public spoils the name, since a later try might choose it.
        if (
            addresses.Length == 0
            || !addresses.All(address => PublicAddresses.IsPublic(address) || (allowLoopback && IPAddress.IsLoopback(address)))
        )
            throw new HttpRequestException("The host has no public address.");

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsJson(MediaTypeHeaderValue? type) =>
        type?.MediaType is { } mediaType
        && (
            mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (
                mediaType.StartsWith("application/", StringComparison.OrdinalIgnoreCase)
                && mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase)
            )
        );

    private static TimeSpan FreshFor(CacheControlHeaderValue? cache) =>
        cache switch
        {
            null => TimeSpan.FromMinutes(5),
            { NoStore: true } or { NoCache: true } => TimeSpan.Zero,
            { MaxAge: { } age } => age < LongestFresh ? age : LongestFresh,
            _ => TimeSpan.FromMinutes(5),
        };

    // Users read the same for both. No answer says nothing about the document, so an older copy may still be used.
    private static OAuthError NoAnswer => OAuthError.TemporarilyUnavailable() with { Detail = Unreadable };

    private static OAuthError NoDocument => OAuthError.InvalidClientMetadata(Unreadable);

    private sealed record Fetched(byte[] Body, TimeSpan FreshFor);
}
