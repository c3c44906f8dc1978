using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Protocol;

public sealed class RedirectUriRegistrationTests
{
    private const string Scheme = "a scheme that is neither known nor a reverse domain name";
    private const string Character = "a character that no URI has";
    private const string PlainHttp = "plain http to a host that is not loopback";
    private const string DotSegment = "a dot segment or a broken escape";

    [Theory]
    [InlineData("https://app.example/callback")]
    [InlineData("https://app.example")]
    [InlineData("https://app.example:8443/cb?tenant=1&x=a%20b")]
    [InlineData("https://[2001:db8::1]/cb")]
    [InlineData("http://localhost:3000/cb")]
    [InlineData("http://127.0.0.1/cb")]
    [InlineData("http://[::1]:65535/")]
    [InlineData("cursor://anysphere.cursor-retrieval/oauth/user-x/callback")]
    [InlineData("vscode://example.extension/did-authenticate")]
    [InlineData("com.example.app:/oauth2redirect")]
    [InlineData("com.example.app://callback")]
    [InlineData("https://app.example/a..b/.well-known/cb")]
    public void Accepts_https_loopback_and_known_or_reverse_domain_schemes(string uri) => Assert.Null(Refuse(uri));

    [Theory]
    [InlineData("javascript:alert(1)", Scheme)]
    [InlineData(" javascript:alert(1)", Character)]
    [InlineData("JaVaScRiPt:alert(1)", Scheme)]
    [InlineData("java%09script:alert(1)", "no absolute URI")]
    [InlineData("java\tscript:alert(1)", Character)]
    [InlineData("javascript\u00ad:alert(1)", Character)]
    [InlineData("data:text/html,hello", Scheme)]
    [InlineData("vbscript:msgbox(1)", Scheme)]
    [InlineData("blob:https://app.example/1", Scheme)]
    [InlineData("file:///etc/passwd", Scheme)]
    [InlineData("about:blank", Scheme)]
    [InlineData("ftp://app.example/cb", Scheme)]
    [InlineData("ws://app.example/cb", Scheme)]
    [InlineData("/cb", "no absolute URI")]
    [InlineData("//evil.example/cb", "no absolute URI")]
    [InlineData("cb", "no absolute URI")]
    [InlineData("", "empty or too long")]
    public void D_03_refuses_a_scheme_that_runs_code_reads_files_or_is_missing(string uri, string reason) =>
        Assert.Equal(reason, Refuse(uri));

    [Theory]
    [InlineData("http://app.example/cb", PlainHttp)]
    [InlineData("http://localhost.evil/cb", PlainHttp)]
    [InlineData("http://127.0.0.1.evil.example/cb", PlainHttp)]
    [InlineData("http://127.0.0.2/cb", PlainHttp)]
    [InlineData("http://127.1/cb", PlainHttp)]
    [InlineData("http://2130706433/cb", PlainHttp)]
    [InlineData("http://[::ffff:127.0.0.1]/cb", PlainHttp)]
    [InlineData("http://localhost:/cb", PlainHttp)]
    [InlineData("http://localhost:0/cb", PlainHttp)]
    [InlineData("http://localhost:65536/cb", PlainHttp)]
    [InlineData("http:/cb", PlainHttp)]
    public void D_04_refuses_plain_http_that_leaves_the_machine(string uri, string reason) => Assert.Equal(reason, Refuse(uri));

    [Theory]
    [InlineData("https://user@app.example/cb", "user information")]
    [InlineData("https://app.example:x@evil.example/cb", "user information")]
    [InlineData("http://localhost@evil.example/cb", "user information")]
    [InlineData("cursor://user@host/cb", "user information")]
    [InlineData("https://app.example/cb#f", "a fragment")]
    [InlineData("https://app.example/cb#", "a fragment")]
    [InlineData("https://*.app.example/cb", "a wildcard")]
    [InlineData("https://app.example/*", "a wildcard")]
    [InlineData("https://app.example/../cb", DotSegment)]
    [InlineData("https://app.example/x/./cb", DotSegment)]
    [InlineData("https://app.example/x/..", DotSegment)]
    [InlineData("https://app.example/%2e%2E/cb", DotSegment)]
    [InlineData("https://app.example/.%2e/cb", DotSegment)]
    [InlineData("https://app.example/..;/cb", DotSegment)]
    [InlineData("com.example.app:../cb", DotSegment)]
    [InlineData("https://app.example/%0d%0aX:1", DotSegment)]
    [InlineData("https://app.example/%5c..%5ccb", DotSegment)]
    [InlineData("https://app.example/100%", DotSegment)]
    [InlineData("https://app.example\\@evil.example/cb", Character)]
    [InlineData("https://app.example/cb\n", Character)]
    [InlineData("https://app\u3002example/cb", Character)]
    [InlineData("https:///cb", "no valid host")]
    [InlineData("https:cb", "no valid host")]
    [InlineData("https://app%2eexample/cb", "no valid host")]
    [InlineData("https://app..example/cb", "no valid host")]
    [InlineData("https://app.example:123456/cb", "no valid host")]
    public void D_04_refuses_what_two_parsers_could_read_differently(string uri, string reason) => Assert.Equal(reason, Refuse(uri));

    [Theory]
    [InlineData("myapp:/cb", Scheme)]
    [InlineData("mailto:alice@app.example", Scheme)]
    [InlineData("cursor:", "nothing behind the scheme")]
    [InlineData("com.example.app:", "nothing behind the scheme")]
    public void D_05_refuses_a_private_use_scheme_that_nobody_owns(string uri, string reason) => Assert.Equal(reason, Refuse(uri));

    [Theory]
    [InlineData("https://app.example/cb?code=1")]
    [InlineData("https://app.example/cb?x=1&state")]
    [InlineData("https://app.example/cb?%63ode=1")]
    [InlineData("https://app.example/cb?x=1&i%73s=https%3A%2F%2Fevil.example")]
    [InlineData("https://app.example/cb?%65%72%72%6F%72=x")]
    [InlineData("https://app.example/cb?error_description=x")]
    [InlineData("https://app.example/cb?error%5Furi=x")]
    [InlineData("https://app.example/cb?Code=1")]
    [InlineData("https://app.example/cb?x;code=1")]
    [InlineData("https://app.example/cb?x?code=1")]
    [InlineData("https://app.example/cb?+code=1")]
    [InlineData("http://localhost/cb?%73tate=1")]
    [InlineData("com.example.app:cb?c%6Fde=1")]
    public void K_40_refuses_a_parameter_of_the_answer_however_it_is_spelled(string uri) =>
        Assert.Equal("a parameter of the response in its query", Refuse(uri));

    [Theory]
    [InlineData("https://app.example/code?codes=1&the_state=x&x=code")]
    [InlineData("https://app.example/cb?x=a%26code%3D1")]
    public void K_40_takes_a_parameter_that_only_resembles_one(string uri) => Assert.Null(Refuse(uri));

    [Theory]
    [InlineData("http://127.0.0.1:08080/cb", PlainHttp)]
    [InlineData("http://localhost:00001/cb", PlainHttp)]
    [InlineData("https://app.example:0443/cb", "no valid host")]
    [InlineData("https://app.example:0/cb", "no valid host")]
    [InlineData("https://app.example:65536/cb", "no valid host")]
    public void K_42_writes_a_port_one_way(string uri, string reason) => Assert.Equal(reason, Refuse(uri));

    [Theory]
    [InlineData("https://app.example/a%2f..%2Fcb")]
    [InlineData("https://app.example/%2e%2e%3bx/cb")]
    [InlineData("https://app.example/cb%c2%85")]
    public void D_04_refuses_a_dot_segment_and_a_control_character_of_every_spelling(string uri) => Assert.Equal(DotSegment, Refuse(uri));

    [Fact]
    public void D_05_accepts_a_scheme_without_dot_once_the_operator_lists_it()
    {
        Assert.Null(RedirectUri.Refuse("myapp:/cb", ["myapp"]));
        Assert.Equal(Scheme, RedirectUri.Refuse("cursor://host/cb", ["myapp"]));
    }

    [Fact]
    public void D_02_refuses_a_URI_longer_than_2_KB()
    {
        var longest = "https://app.example/" + new string('a', 2048 - "https://app.example/".Length);
        Assert.Null(Refuse(longest));
        Assert.Equal("empty or too long", Refuse(longest + "a"));
    }

    [Theory]
    [InlineData("https://app.example:8443/cb?x=1", "app.example:8443")]
    [InlineData("http://127.0.0.1:5000/cb", "127.0.0.1:5000")]
    [InlineData("cursor://anysphere.cursor-retrieval/cb", "cursor:")]
    [InlineData("com.example.app:/cb", "com.example.app:")]
    public void Shows_a_person_the_host_or_the_scheme_that_gets_the_answer(string uri, string shown) =>
        Assert.Equal(shown, RedirectUri.DisplayHost(uri));

    private static string? Refuse(string uri) => RedirectUri.Refuse(uri, RedirectUri.KnownSchemes);
}
