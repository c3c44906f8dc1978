using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Protocol;

public sealed class RedirectUriMatchingTests
{
    [Theory]
    [InlineData("https://a.example/cb/")]
    [InlineData("https://a.example/CB")]
    [InlineData("https://a.example/cb?x=1")]
    [InlineData("https://a.example/cb?")]
    [InlineData("https://a.example/cb#f")]
    [InlineData("https://a.example/%63b")]
    [InlineData("https://a.example:443/cb")]
    [InlineData("HTTPS://A.example/cb")]
    [InlineData("https://a.example/x/../cb")]
    [InlineData("https://a.example/%2e%2e/cb")]
    [InlineData("https://a.example/..;/cb")]
    [InlineData("https://user@a.example/cb")]
    [InlineData("https://a@b@evil.example/cb")]
    [InlineData("https://a.example\\cb")]
    [InlineData("https://a.example/\tcb")]
    [InlineData("https://a.example/cb\r")]
    [InlineData("https://a.example/cb\n")]
    [InlineData("https://a.example/cb\0")]
    [InlineData("https://a\u3002example/cb")]
    [InlineData("https://a.exam\u00adple/cb")]
    [InlineData("https://a.example:8443/cb")]
    [InlineData("http://a.example/cb")]
    [InlineData("")]
    public void A_03_matches_character_by_character(string sent)
    {
        Assert.True(RedirectUri.Matches("https://a.example/cb", "https://a.example/cb"));
        Assert.False(RedirectUri.Matches("https://a.example/cb", sent));
    }

    [Theory]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:51234/cb")]
    [InlineData("http://127.0.0.1:3000/cb", "http://127.0.0.1/cb")]
    [InlineData("http://localhost:3000/cb", "http://localhost:65535/cb")]
    [InlineData("http://localhost", "http://localhost:1")]
    [InlineData("http://[::1]:3000/cb?x=1", "http://[::1]:4000/cb?x=1")]
    public void A_04_matches_a_loopback_address_with_any_port(string registered, string sent) =>
        Assert.True(RedirectUri.Matches(registered, sent));

    [Theory]
    [InlineData("http://127.0.0.1:51234/CB")]
    [InlineData("http://127.0.0.1:51234/cb/")]
    [InlineData("http://127.0.0.1:51234/cb?x=1")]
    [InlineData("http://127.0.0.1:51234/cb#f")]
    [InlineData("http://127.0.0.1:51234/x/../cb")]
    [InlineData("http://127.0.0.1:51234/cb\n")]
    [InlineData("http://127.0.0.1:51234/cb\r")]
    [InlineData("http://127.0.0.1:51234\n/cb")]
    [InlineData("http://127.0.0.1:\uff11/cb")]
    [InlineData("http://127.0.0.1:0/cb")]
    [InlineData("http://127.0.0.1:08080/cb")]
    [InlineData("http://127.0.0.1:00080/cb")]
    [InlineData("http://127.0.0.1:65536/cb")]
    [InlineData("http://127.0.0.1:/cb")]
    [InlineData("http://127.0.0.1:1@evil.example/cb")]
    [InlineData("http://user@127.0.0.1:51234/cb")]
    [InlineData("http://127.0.0.1.evil.example:51234/cb")]
    [InlineData("http://localhost:51234/cb")]
    [InlineData("http://[::1]:51234/cb")]
    [InlineData("https://127.0.0.1:51234/cb")]
    public void A_04_K_42_lets_nothing_but_the_port_differ(string sent) => Assert.False(RedirectUri.Matches("http://127.0.0.1/cb", sent));

    [Theory]
    [InlineData("http://127.0.0.1:3000/cb", true)]
    [InlineData("http://localhost", true)]
    [InlineData("http://[::1]/", true)]
    [InlineData("http://localhost/cb\n", false)]
    [InlineData("https://localhost/cb", false)]
    [InlineData("http://localhost.evil.example/cb", false)]
    [InlineData("http://localhost@evil.example/cb", false)]
    [InlineData("cursor://localhost/cb", false)]
    public void Loopback_is_plain_http_on_the_users_own_machine(string uri, bool isLoopback) =>
        Assert.Equal(isLoopback, RedirectUri.IsLoopback(uri));
}
