using System.Net;

namespace OAuthMcp.Api.Configuration;

/// <summary>The keys of <c>Server</c>: where it listens, where it stores, and which proxies it believes.</summary>
internal sealed record ServerOptions
{
    // Of the 30 s in which a host has to end.
    private static readonly TimeSpan LongestStopDelay = TimeSpan.FromSeconds(25);

    public string? Address { get; init; }
    public string Transport { get; init; } = "http";
    public string DataDirectory { get; init; } = "data";
    public string[] TrustedProxies { get; init; } = [];

    /// <summary>For how long probes are told that the server ends, before it stops listening.</summary>
    public TimeSpan StopDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What Kestrel listens on, and the port of the first.</summary>
    /// <param name="frameworkUrls">The framework's own key, which counts where <see cref="Address"/> is not set.</param>
    /// <exception cref="ConfigurationException">One is neither :port, host:port nor a URL.</exception>
    public (IReadOnlyList<string> Urls, int Port) ReadAddresses(string? frameworkUrls)
    {
        var read = (Address ?? frameworkUrls ?? "localhost:8080")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(ReadAddress)
            .ToList();
        return read.Count > 0 ? ([.. read.Select(address => address.Url)], read[0].Port) : throw NoAddress;
    }

    /// <exception cref="ConfigurationException">It is negative, or too long for a host that has to end.</exception>
    public TimeSpan ReadStopDelay() =>
        StopDelay >= TimeSpan.Zero && StopDelay <= LongestStopDelay
            ? StopDelay
            : throw new ConfigurationException($"Server:StopDelay must be between 00:00:00 and {LongestStopDelay}.");

    /// <exception cref="ConfigurationException">One is neither an address nor a network.</exception>
    public IReadOnlyList<IPNetwork> ReadTrustedProxies() => [.. TrustedProxies.Select(ReadProxy)];

    private static IPNetwork ReadProxy(string proxy) =>
        IPNetwork.TryParse(proxy.Contains('/') ? proxy : $"{proxy}/{(proxy.Contains(':') ? 128 : 32)}", out var network)
            ? network
            : throw new ConfigurationException("Server:TrustedProxies must hold addresses or networks such as 10.0.0.0/8.");

    // :8080, * and + mean every interface. host:port and URLs are taken as they are.
    private static (string Url, int Port) ReadAddress(string address)
    {
        var url = address.Contains("://", StringComparison.Ordinal) ? address : $"http://{(address.StartsWith(':') ? "*" : "")}{address}";
        var isEverywhere = url.Contains("://*", StringComparison.Ordinal) || url.Contains("://+", StringComparison.Ordinal);
        return
            Uri.TryCreate(
                isEverywhere ? url.Replace("://*", "://0.0.0.0").Replace("://+", "://0.0.0.0") : url,
                UriKind.Absolute,
                out var uri
            )
            && uri.Scheme is "http" or "https"
            && uri.Port != 0
            && uri.PathAndQuery == "/"
            ? ($"{uri.Scheme}://{(isEverywhere ? "*" : uri.Host)}:{uri.Port}", uri.Port)
            : throw NoAddress;
    }

    private static ConfigurationException NoAddress => new("Server:Address must be :port, host:port or a URL.");
}
