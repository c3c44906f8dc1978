using System.Net;
using OAuthMcp.Infrastructure.Clients;

namespace OAuthMcp.Unit.Clients;

public sealed class PublicAddressesTests
{
    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("8.8.8.8")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.0")]
    [InlineData("169.253.255.255")]
    [InlineData("169.255.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.167.255.255")]
    [InlineData("192.169.0.0")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700::1111")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("2a00:1450:4001::200e")]
    [InlineData("2003::1")]
    public void A_public_host_may_be_asked(string address) => Assert.True(PublicAddresses.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("0.0.0.0", "0.255.255.255")] // RFC 6890: this network
    [InlineData("10.0.0.0", "10.255.255.255")] // private
    [InlineData("100.64.0.0", "100.127.255.255")] // carrier-grade NAT
    [InlineData("127.0.0.0", "127.255.255.255")] // loopback
    [InlineData("169.254.0.0", "169.254.255.255")] // link local, the metadata services of clouds
    [InlineData("172.16.0.0", "172.31.255.255")] // private
    [InlineData("192.0.0.0", "192.0.0.255")] // IETF protocol assignments
    [InlineData("192.0.2.0", "192.0.2.255")] // documentation
    [InlineData("192.88.99.0", "192.88.99.255")] // 6to4 relay
    [InlineData("192.168.0.0", "192.168.255.255")] // private
    [InlineData("198.18.0.0", "198.19.255.255")] // benchmarks
    [InlineData("198.51.100.0", "198.51.100.255")] // documentation
    [InlineData("203.0.113.0", "203.0.113.255")] // documentation
    [InlineData("224.0.0.0", "239.255.255.255")] // multicast
    [InlineData("240.0.0.0", "255.255.255.255")] // reserved, broadcast
    [InlineData("::", "::ffff")] // unspecified
    [InlineData("::1", "::1")] // loopback
    [InlineData("::7f00:1", "::8.8.8.8")] // IPv4-compatible
    [InlineData("::ffff:0.0.0.0", "::ffff:255.255.255.255")] // IPv4-mapped
    [InlineData("::ffff:0.0.0.1", "::ffff:0.255.255.255")] // and what is mapped there
    [InlineData("::ffff:10.0.0.1", "::ffff:10.255.255.255")]
    [InlineData("::ffff:127.0.0.1", "::ffff:169.254.169.254")]
    [InlineData("::ffff:8.8.8.8", "::ffff:31.255.255.255")]
    [InlineData("64:ff9b::", "64:ff9b::ffff:ffff")] // NAT64
    [InlineData("64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff")] // NAT64, local use
    [InlineData("100::", "100::ffff:ffff:ffff:ffff")] // discard
    [InlineData("2001::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff")] // Teredo
    [InlineData("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff")] // documentation
    [InlineData("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff")] // 6to4
    [InlineData("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")] // unique local
    [InlineData("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff")] // link local
    [InlineData("fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")] // site local
    [InlineData("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")] // multicast
    public void M_03_no_block_of_special_use_is_asked_from_its_first_address_to_its_last(string first, string last)
    {
        Assert.False(PublicAddresses.IsPublic(IPAddress.Parse(first)));
        Assert.False(PublicAddresses.IsPublic(IPAddress.Parse(last)));
    }

    [Theory]
    [InlineData("fe80::1%1")]
    [InlineData("2606:4700::1111%1")]
    public void M_04_an_address_with_a_zone_is_of_this_machine(string address) =>
        Assert.False(PublicAddresses.IsPublic(IPAddress.Parse(address)));
}
