using System.Net;
using Microsoft.AspNetCore.Http;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Http;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Http;

public sealed class RateLimitsTests
{
    private static readonly LimitsOptions One = new()
    {
        TokenPerMinute = 1,
        FailedClientsPerMinute = 1,
        McpConcurrentPerUser = 1,
    };
    private static readonly OAuthError Failed = OAuthError.InvalidClient("wrong secret for cli_app");

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("::ffff:192.0.2.1", "::ffff:192.0.2.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("fe80::1%1", "fe80::2%2", true)]
    public void A_peer_is_an_IPv4_address_or_the_first_half_of_an_IPv6_one(string first, string second, bool isSamePeer)
    {
        using var limits = new RateLimits(One);
        Assert.Null(limits.RefuseToken(From(first), "refresh_token"));
        Assert.Equal(isSamePeer, limits.RefuseToken(From(second), "refresh_token") is not null);
        Assert.Equal(isSamePeer, Peer.Of(From(first)) == Peer.Of(From(second)));

        limits.CountFailedClient(From(first), Failed);
        Assert.Equal(isSamePeer, limits.RefuseClient(From(second)) is not null);
    }

    [Fact]
    public void Q_05_says_when_to_come_back()
    {
        using var limits = new RateLimits(One);
        limits.RefuseToken(From("192.0.2.1"), "refresh_token");
        var refusal = limits.RefuseToken(From("192.0.2.1"), "refresh_token");
        Assert.Equal("too_many_requests", refusal!.Code);
        Assert.InRange(refusal.RetryAfter!.Value, TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void A_limit_of_many_lets_that_many_pass()
    {
        using var limits = new RateLimits(One with { TokenPerMinute = 3 });
        Assert.Equal(
            [true, true, true, false, false],
            Enumerable.Range(0, 5).Select(_ => limits.RefuseToken(From("192.0.2.1"), "refresh_token") is null)
        );
    }

    [Fact]
    public void Grant_types_are_counted_apart_and_unknown_ones_together()
    {
        using var limits = new RateLimits(One);
        foreach (var grantType in GrantTypes.All.Append("password"))
        {
            Assert.Null(limits.RefuseToken(From("192.0.2.1"), grantType));
            Assert.NotNull(limits.RefuseToken(From("192.0.2.1"), grantType));
        }

        Assert.All(new[] { "urn:made-up:1", "", null, "Refresh_Token" }, grantType =>
            Assert.NotNull(limits.RefuseToken(From("192.0.2.1"), grantType))
        );
    }

    [Fact]
    public void Zero_switches_a_limit_off()
    {
        using var limits = new RateLimits(
            new LimitsOptions
            {
                TokenPerMinute = 0,
                FailedClientsPerMinute = 0,
                McpConcurrentPerUser = 0,
            }
        );
        var peer = From("192.0.2.1");
        for (var i = 0; i < 5_000; i++)
        {
            limits.CountFailedClient(peer, Failed);
            Assert.Null(limits.RefuseToken(peer, "refresh_token") ?? limits.RefuseClient(peer));
            Assert.True(limits.EnterCall(Given.Subject).IsAcquired);
        }
    }

    [Fact]
    public void Counts_clients_that_fail_to_authenticate_and_no_other_refusal()
    {
        using var limits = new RateLimits(One with { TokenPerMinute = 0 });
        var peer = From("192.0.2.1");
        var other = OAuthError.InvalidGrant("unknown code");
        Assert.Same(other, limits.CountFailedClient(peer, other));
        Assert.Null(limits.RefuseClient(peer));
        Assert.Null(limits.RefuseClient(peer));
        Assert.Same(Failed, limits.CountFailedClient(peer, Failed));
        Assert.NotNull(limits.RefuseClient(peer));
        Assert.NotNull(limits.RefuseToken(peer, "authorization_code"));
        Assert.Null(limits.RefuseToken(From("192.0.2.2"), "authorization_code"));
    }

    [Fact]
    public void A_caller_gets_its_place_back_when_a_call_ends()
    {
        using var limits = new RateLimits(One);
        var first = limits.EnterCall(Given.Subject);
        Assert.True(first.IsAcquired);
        Assert.False(limits.EnterCall(Given.Subject).IsAcquired);
        Assert.True(limits.EnterCall("usr_bob").IsAcquired);
        first.Dispose();
        Assert.True(limits.EnterCall(Given.Subject).IsAcquired);
    }

    [Fact]
    public void Peers_without_an_address_are_one_peer()
    {
        using var limits = new RateLimits(One);
        Assert.Null(limits.RefuseToken(new DefaultHttpContext(), "refresh_token"));
        Assert.NotNull(limits.RefuseToken(new DefaultHttpContext(), "refresh_token"));
    }

    private static DefaultHttpContext From(string address) => new() { Connection = { RemoteIpAddress = IPAddress.Parse(address) } };
}
