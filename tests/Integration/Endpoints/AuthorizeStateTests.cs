using System.Net;
using System.Text;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>
/// The client's <c>state</c> belongs to the client: every byte of it goes back, and none of it leaves its place in the Location.
/// </summary>
public sealed class AuthorizeStateTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    public static TheoryData<string> States =>
        [
            .. new[]
            {
                "a",
                "a%20b",
                "a+b",
                "a%2Bb",
                "%00",
                "%0d%0aSet-Cookie:%20a=b",
                "%ff%fe",
                "%c3%28",
                "%3Cscript%3E",
                "<script>",
                "\"'`",
                "%26code=stolen%23",
                "a%3Db",
                "a=b",
                "%",
                "%zz",
                "%e4%bd%a0",
                "~-._",
                "%2541",
                "eyJ9.x-_",
                string.Concat(Enumerable.Repeat("%ff", 2048)),
                new string('s', 2048),
                "++",
            },
        ];

    [Theory]
    [MemberData(nameof(States))]
    public async Task A_16_echoes_every_byte_of_state_in_an_error(string sent)
    {
        using var client = await TestClient.RegisterAsync(server);
        var answer = await server.GetRawAsync($"{client.AuthorizationUrl(("state", null), ("prompt", "none"))}&state={sent}");
        Assert.Equal(303, answer.Status);
        AssertEchoed(sent, answer.Header("Location")!);
    }

    [Theory]
    [InlineData("%00%0d%0a+%ff%3Cscript%3E")]
    [InlineData("%26code=stolen%26iss=evil%23")]
    public async Task A_16_echoes_every_byte_of_state_with_a_code(string sent)
    {
        using var client = await TestClient.RegisterAsync(server);
        using var browser = server.Browser();
        await browser.AllowAsync($"{client.AuthorizationUrl(("state", null))}&state={sent}");
        AssertEchoed(sent, browser.Response.Headers.GetValues("Location").Single());
    }

    [Theory]
    [InlineData("")]
    [InlineData("&state=")]
    public async Task A_16_answers_without_state_to_a_request_without(string more)
    {
        using var client = await TestClient.RegisterAsync(server);
        using var response = await client.Http.GetAsync(
            client.AuthorizationUrl(("state", null), ("prompt", "none")) + more,
            TestContext.Current.CancellationToken
        );
        response.AssertErrorRedirect(server, "login_required", state: null);
    }

    [Fact]
    public async Task A_16_refuses_a_state_of_more_than_four_kilobytes()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var longest = await client.Http.GetAsync(
            client.AuthorizationUrl(("state", new string('s', 4096))),
            TestContext.Current.CancellationToken
        );
        longest.AssertAccepted();
        using var longer = await client.Http.GetAsync(
            client.AuthorizationUrl(("state", new string('s', 4097))),
            TestContext.Current.CancellationToken
        );
        await longer.AssertPageAsync();
    }

    private static void AssertEchoed(string sent, string location)
    {
        Assert.Matches(@"^[\x21-\x7E]+$", location);
        var echoed = new Uri(location)
            .Query.TrimStart('?')
            .Split('&')
            .Single(parameter => parameter.StartsWith("state=", StringComparison.Ordinal))["state=".Length..];
        Assert.Matches(@"^([A-Za-z0-9._~-]|%[0-9A-F]{2})+$", echoed);
        Assert.Equal(Decode(sent), Decode(echoed));
    }

    private static byte[] Decode(string encoded) => WebUtility.UrlDecodeToBytes(Encoding.ASCII.GetBytes(encoded), 0, encoded.Length);
}
