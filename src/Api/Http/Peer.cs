using System.Net;

namespace OAuthMcp.Api.Http;

/// <summary>Who is at the other end: an IPv4 address or the /64 of an IPv6 one, as the connection or a trusted proxy names it.</summary>
internal static class Peer
{
    /// <summary>The whole address, for the log; null where there is no network between.</summary>
    public static IPAddress? AddressOf(HttpContext http) =>
        http.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : http.Connection.RemoteIpAddress;

    public static string Of(HttpContext http)
    {
        var address = AddressOf(http) ?? IPAddress.None;
        if (address.Equals(IPAddress.IPv6Loopback))
            address = IPAddress.Loopback; // this machine, whichever way it went
        return address.GetAddressBytes() is { Length: 16 } bytes ? Convert.ToHexString(bytes, 0, 8) : address.ToString();
    }
}
