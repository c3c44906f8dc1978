using System.Net;
using OAuthMcp.Api.Configuration;

namespace OAuthMcp.Api.Commands;

/// <summary>Asks a server whether it is ready from beside it: in a container without a shell nothing else could.</summary>
internal static class ReadyLook
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <returns>The exit code.</returns>
    public static async Task<int> AskAsync(IConfiguration configuration, CancellationToken ct)
    {
        var (urls, _) = configuration.Section<ServerOptions>("Server").ReadAddresses(configuration[WebHostDefaults.ServerUrlsKey]);
        using var http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseProxy = false,
#pragma warning disable CA5359 // it asks this machine by an address, which no certificate has
                SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
#pragma warning restore CA5359
            }
        )
        {
            Timeout = Patience,
        };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(Near(urls[0])), "/health/ready"));
        request.Headers.Host = "localhost"; // whatever address it listens on
        try
        {
            using var answer = await http.SendAsync(request, ct);
            await Console.Out.WriteLineAsync(await answer.Content.ReadAsStringAsync(ct));
            return answer.StatusCode == HttpStatusCode.OK ? 0 : 1;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            throw new ConfigurationException($"{request.RequestUri}: {failure.Message}");
        }
    }

    // Every interface has this one.
    private static string Near(string url) =>
        url.Replace("://*", "://127.0.0.1").Replace("://0.0.0.0", "://127.0.0.1").Replace("://[::]", "://[::1]");
}
