using System.Net;

namespace OAuthMcp.Api.Http;

/// <summary>Who is at the other end: an IPv4 address or the /64 of an IPv6 one, as the connection or a trusted proxy names it.</summary>
internal static class Peer
{
    public static string Of(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.Equals(IPAddress.IPv6Loopback))
            address = IPAddress.Loopback; // this machine, whichever way it went
        return address.GetAddressBytes() is { Length: 16 } bytes ? Convert.ToHexString(bytes, 0, 8) : address.ToString();
    }
}
