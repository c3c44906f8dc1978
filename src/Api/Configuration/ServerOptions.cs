using System.Net;

namespace OAuthMcp.Api.Configuration;

/// <summary>The keys of <c>Server</c>: where it listens, where it stores, and which proxies it believes.</summary>
internal sealed record ServerOptions
{
    public string Address { get; init; } = "localhost:8080";
    public string Transport { get; init; } = "http";
    public string DataDirectory { get; init; } = "data";
    public string[] TrustedProxies { get; init; } = [];

    /// <summary>What Kestrel listens on. <c>:8080</c> is every interface, <c>host:port</c> and URLs are taken as they are.</summary>
    /// <exception cref="ConfigurationException">It is none of these.</exception>
    public (string ListenUrl, int Port) ReadAddress()
    {
        var url = Address.Contains("://", StringComparison.Ordinal)
            ? Address
            : $"http://{(Address.StartsWith(':') ? "0.0.0.0" : "")}{Address}";
        if (
            !Uri.TryCreate(url, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https")
            || uri.Port == 0
            || uri.PathAndQuery != "/"
        )
            throw new ConfigurationException("Server:Address must be :port, host:port or a URL.");
        return (Address.StartsWith(':') ? $"http://*:{uri.Port}" : $"{uri.Scheme}://{uri.Host}:{uri.Port}", uri.Port);
    }

    /// <exception cref="ConfigurationException">One is neither an address nor a network.</exception>
    public IReadOnlyList<IPNetwork> ReadTrustedProxies() => [.. TrustedProxies.Select(ReadProxy)];

    private static IPNetwork ReadProxy(string proxy) =>
        IPNetwork.TryParse(proxy.Contains('/') ? proxy : $"{proxy}/{(proxy.Contains(':') ? 128 : 32)}", out var network)
            ? network
            : throw new ConfigurationException("Server:TrustedProxies must hold addresses or networks such as 10.0.0.0/8.");
}
