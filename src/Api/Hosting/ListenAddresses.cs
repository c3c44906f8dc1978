using System.Net;
using System.Net.Sockets;
using OAuthMcp.Api.Configuration;

namespace OAuthMcp.Api.Hosting;

internal static class ListenAddresses
{
    /// <summary>Turns names into addresses. Kestrel would listen on every interface for a name that it does not know.</summary>
    /// <param name="urls">As configured: a host is <c>*</c>, <c>localhost</c>, an address or a name.</param>
    /// <exception cref="ConfigurationException">A name does not resolve.</exception>
    public static string[] Resolve(IEnumerable<string> urls) => [.. urls.SelectMany(Resolve).Distinct()];

    private static IEnumerable<string> Resolve(string url)
    {
        if (url.Contains("://*", StringComparison.Ordinal))
            return [url];
        var uri = new Uri(url);
        if (uri.Host == "localhost" || uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6)
            return [url];
        try
        {
            return Dns.GetHostAddresses(uri.Host).Select(address => $"{uri.Scheme}://{new IPEndPoint(address, uri.Port)}");
        }
        catch (SocketException)
        {
            throw new ConfigurationException(
                $"Server:Address: {uri.Host} is no name that resolves; write an address of this machine, or :{uri.Port} for all."
            );
        }
    }
}
