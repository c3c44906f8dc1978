using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.Extensions.Caching.Memory;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Infrastructure.Clients;

/// <summary>
/// Fetches client-id metadata documents and key sets behind a guard: the address is checked after resolution and is
/// the one that is connected to, nothing is followed, and 5 KB and 5 s are all there is. A failure is remembered for a
/// minute and tells the outside nothing of the network.
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
                ActivityHeadersPropagator = null,
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
        // Short, whatever the headers say: a key that its owner withdrew must not live on here.
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
        // No place is no fault of this document: nothing is remembered of it.
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
            return NoAnswer; // why not tells of the network, and must not reach the user
        }
        catch (Exception failure) when (failure is InvalidDataException or InvalidOperationException)
        {
            return NoDocument; // compressed otherwise than it says, for which the Brotli stream has the latter
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
        // One address that is not public spoils the name: it is chosen to be reached sooner or later.
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

    // Both read the same to the user. The first says nothing of the document, so what is known of it may still count.
    private static OAuthError NoAnswer => OAuthError.TemporarilyUnavailable() with { Detail = Unreadable };

    private static OAuthError NoDocument => OAuthError.InvalidClientMetadata(Unreadable);

    private sealed record Fetched(byte[] Body, TimeSpan FreshFor);
}
