using System.Net;
using Microsoft.AspNetCore.Http;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Http;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Http;

public sealed class RateLimitsTests
{
    private static readonly LimitsOptions One = new()
    {
        TokenPerMinute = 1,
        FailedClientsPerMinute = 1,
        AuthorizePerMinute = 1,
        SignInPerMinute = 1,
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
        using var limits = new RateLimits(One, 1);
        foreach (
            var refuse in new Func<HttpContext, OAuthError?>[]
            {
                http => limits.RefuseToken(http, "refresh_token"),
                limits.RefuseRegistration,
                limits.RefuseAuthorization,
                limits.RefuseSignIn,
            }
        )
        {
            Assert.Null(refuse(From(first)));
            Assert.Equal(isSamePeer, refuse(From(second)) is not null);
        }

        limits.CountFailedClient(From(first), Failed);
        Assert.Equal(isSamePeer, limits.RefuseClient(From(second)) is not null);
    }

    [Fact]
    public void D_15_says_when_to_come_back()
    {
        using var limits = new RateLimits(One, 1);
        limits.RefuseRegistration(From("192.0.2.1"));
        var refusal = limits.RefuseRegistration(From("192.0.2.1"));
        Assert.Equal("too_many_requests", refusal!.Code);
        Assert.InRange(refusal.RetryAfter!.Value, TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void A_limit_of_many_lets_that_many_pass()
    {
        using var limits = new RateLimits(One, 3);
        Assert.Equal(
            [true, true, true, false, false],
            Enumerable.Range(0, 5).Select(_ => limits.RefuseRegistration(From("192.0.2.1")) is null)
        );
    }

    [Fact]
    public void Grant_types_are_counted_apart_and_unknown_ones_together()
    {
        using var limits = new RateLimits(One, 1);
        foreach (var grantType in new[] { "authorization_code", "refresh_token", "client_credentials", "password" })
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
                AuthorizePerMinute = 0,
                SignInPerMinute = 0,
                McpConcurrentPerUser = 0,
            },
            0
        );
        var peer = From("192.0.2.1");
        for (var i = 0; i < 5_000; i++)
        {
            limits.CountFailedClient(peer, Failed);
            Assert.Null(
                limits.RefuseToken(peer, "refresh_token")
                    ?? limits.RefuseClient(peer)
                    ?? limits.RefuseRegistration(peer)
                    ?? limits.RefuseAuthorization(peer)
                    ?? limits.RefuseSignIn(peer)
            );
            Assert.True(limits.EnterCall(Given.Subject).IsAcquired);
        }
    }

    [Fact]
    public void Counts_clients_that_fail_to_authenticate_and_no_other_refusal()
    {
        using var limits = new RateLimits(One with { TokenPerMinute = 0 }, 1);
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
        using var limits = new RateLimits(One, 1);
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
        using var limits = new RateLimits(One, 1);
        Assert.Null(limits.RefuseSignIn(new DefaultHttpContext()));
        Assert.NotNull(limits.RefuseSignIn(new DefaultHttpContext()));
    }

    private static DefaultHttpContext From(string address) => new() { Connection = { RemoteIpAddress = IPAddress.Parse(address) } };
}
