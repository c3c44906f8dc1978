using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Protocol;

public sealed class WebUrlTests
{
    [Theory]
    [InlineData("https://app.example/client.json")]
    [InlineData("https://chatgpt.com/oauth/asdk_1/client.json")]
    [InlineData("https://app.example:8443/c")]
    [InlineData("https://app.example:65535/c")]
    [InlineData("https://a-b.xn--bcher-kva.example/.well-known/a..b/c%20d;v=1/")]
    [InlineData("https://3com.example/c")]
    public void Takes_the_URL_of_a_document_on_a_public_name(string url)
    {
        Assert.True(WebUrl.IsClientId(url, allowLoopback: false));
        Assert.True(WebUrl.IsPublic(url));
    }

    [Theory]
    [InlineData("")]
    [InlineData("cli_app")]
    [InlineData("http://app.example/c")]
    [InlineData("ftp://app.example/c")]
    [InlineData("//app.example/c")]
    [InlineData("https:app.example/c")]
    [InlineData("https:///c")]
    [InlineData("https://app.example#f")]
    [InlineData("https://app.example/c#f")]
    [InlineData("https://app.example/c#")]
    [InlineData("https://user@app.example/c")]
    [InlineData("https://user:password@app.example/c")]
    [InlineData("https://app.example@evil.example/c")]
    [InlineData("https://app.example/./c")]
    [InlineData("https://app.example/../c")]
    [InlineData("https://app.example/a/..")]
    [InlineData("https://app.example/a/.")]
    [InlineData("https://app.example/%2e%2E/c")]
    [InlineData("https://app.example/.%2e/c")]
    [InlineData("https://app.example/..;/c")]
    [InlineData("https://app.example/a c")]
    [InlineData(" https://app.example/c")]
    [InlineData("https://app.example/c\n")]
    [InlineData("https://app.example/\tc")]
    [InlineData("https://app.example/\0")]
    [InlineData("https://app.example/c\u007f")]
    [InlineData("https://app.example\\c")]
    [InlineData("https://app.example/a\\..\\c")]
    [InlineData("https://app.example/%5c")]
    [InlineData("https://app.example/%0d%0a")]
    [InlineData("https://app.example/%zz")]
    [InlineData("https://app.example/%")]
    [InlineData("https://app.example/\u00fc")]
    [InlineData("https://\u00fc.example/c")]
    [InlineData("https://app\u3002example/c")]
    [InlineData("https://-app.example/c")]
    [InlineData("https://app-.example/c")]
    [InlineData("https://app..example/c")]
    [InlineData("https://app.example./c")]
    [InlineData("https://app.example:/c")]
    [InlineData("https://app.example:0/c")]
    [InlineData("https://app.example:0443/c")]
    [InlineData("https://app.example/a%2f..%2fc")]
    [InlineData("https://app.example:65536/c")]
    [InlineData("https://app.example:99999/c")]
    [InlineData("https://app.example:443a/c")]
    public void M_01_refuses_what_is_no_plain_https_URL(string url) => AssertRefused(url);

    [Theory]
    [InlineData("https://app.example")]
    [InlineData("https://app.example:8443")]
    public void M_01_refuses_a_client_id_without_a_path(string url)
    {
        Assert.False(WebUrl.IsClientId(url, allowLoopback: true));
        Assert.True(WebUrl.IsPublic(url));
    }

    [Fact]
    public void M_01_refuses_a_URL_of_more_than_2_KB()
    {
        const string Start = "https://app.example/";
        Assert.True(WebUrl.IsClientId(Start.PadRight(2048, 'a'), allowLoopback: false));
        AssertRefused(Start.PadRight(2049, 'a'));
    }

    [Theory]
    [InlineData("https://app.example/c?x=1")]
    [InlineData("https://app.example/c?")]
    [InlineData("https://app.example?c")]
    public void M_02_refuses_a_client_id_with_a_query_that_a_link_may_have(string url)
    {
        Assert.False(WebUrl.IsClientId(url, allowLoopback: true));
        Assert.True(WebUrl.IsPublic(url));
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("8.8.8.8")]
    [InlineData("169.254.169.254")]
    [InlineData("127.0.0.1.")]
    [InlineData("2130706433")]
    [InlineData("017700000001")]
    [InlineData("0x7f000001")]
    [InlineData("0x7f.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.1")]
    [InlineData("127.0.1")]
    [InlineData("127.0.0.0x1")]
    [InlineData("127.0.0.0Xa")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[2606:4700::1111]")]
    [InlineData("[fe80::1%25eth0]")]
    [InlineData("[fe80::1%eth0]")]
    [InlineData("\uff11\uff12\uff17.0.0.1")]
    [InlineData("\u2460\u2461\u2466.0.0.1")]
    [InlineData("127\u30020\u30020\u30021")]
    [InlineData("127%2e0.0.1")]
    [InlineData("localhost.")]
    [InlineData("app.localhost")]
    [InlineData("app.LocalHost")]
    [InlineData("intranet")]
    public void M_04_refuses_a_host_that_is_an_address_or_no_public_name(string host) => AssertRefused($"https://{host}/c");

    [Theory]
    [InlineData("https://localhost/c")]
    [InlineData("https://localhost:3000/c")]
    [InlineData("https://127.0.0.1:3000/c")]
    public void Loopback_will_do_for_development_alone(string url)
    {
        Assert.True(WebUrl.IsClientId(url, allowLoopback: true));
        Assert.False(WebUrl.IsClientId(url, allowLoopback: false));
        Assert.False(WebUrl.IsPublic(url));
    }

    [Theory]
    [InlineData("http://localhost/c")]
    [InlineData("https://127.0.0.2/c")]
    [InlineData("https://[::1]/c")]
    [InlineData("https://localhost.evil/c#")]
    [InlineData("https://user@localhost/c")]
    public void Development_allows_nothing_but_these_two_hosts(string url) => AssertRefused(url);

    [Fact]
    public void Host_is_what_a_person_compares()
    {
        Assert.Equal("app.example", WebUrl.Host("https://App.EXAMPLE:8443/c"));
        Assert.Null(WebUrl.Host("https://app.example@evil.example/c"));
    }

    private static void AssertRefused(string url)
    {
        Assert.False(WebUrl.IsClientId(url, allowLoopback: false));
        Assert.False(WebUrl.IsClientId(url, allowLoopback: true));
        Assert.False(WebUrl.IsPublic(url));
    }
}
