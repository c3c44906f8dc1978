using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Documents;

/// <summary>Which URLs can be a client_id: the others are refused before anybody is asked for them.</summary>
public sealed class DocumentUrlTests(SharedDocuments shared) : IClassFixture<SharedDocuments>
{
    private readonly TestServer server = shared.Server;
    private readonly DocumentHost host = shared.Host;

    [Fact]
    public async Task A_client_is_who_its_document_says()
    {
        var url = host.Publish();
        using var client = server.Described(url);
        var (access, refresh) = await client.SignInAsync();
        Assert.True(await server.AcceptsAsync(access));
        Assert.Equal(200, (int)(await client.RefreshAsync(refresh)).StatusCode);
        Assert.Equal(1, host.Fetches(url));
    }

    [Theory]
    [InlineData("http://localhost:{port}/client.json")]
    [InlineData("HTTPS://localhost:{port}/client.json")]
    [InlineData("https://localhost:{port}")]
    [InlineData("https://localhost:{port}/")]
    [InlineData("https://localhost:{port}/client.json#")]
    [InlineData("https://localhost:{port}/client.json#fragment")]
    [InlineData("https://user@localhost:{port}/client.json")]
    [InlineData("https://user:password@localhost:{port}/client.json")]
    [InlineData("https://other.example@localhost:{port}/client.json")]
    [InlineData("https://localhost:{port}/./client.json")]
    [InlineData("https://localhost:{port}/a/../client.json")]
    [InlineData("https://localhost:{port}/..")]
    [InlineData("https://localhost:{port}/%2e/client.json")]
    [InlineData("https://localhost:{port}/a/%2e%2E/client.json")]
    [InlineData("https://localhost:{port}/a/.%2e/client.json")]
    [InlineData("https://localhost:{port}/client .json")]
    [InlineData(" https://localhost:{port}/client.json")]
    [InlineData("https://localhost:{port}/client.json\n")]
    [InlineData("https://localhost:{port}/client\t.json")]
    [InlineData("https://localhost:{port}/client\0.json")]
    [InlineData("https://localhost:{port}/a\\client.json")]
    [InlineData("https:\\\\localhost:{port}\\client.json")]
    [InlineData("https://localhost:{port}/%0aclient.json")]
    [InlineData("https:/localhost:{port}/client.json")]
    [InlineData("https:localhost:{port}/client.json")]
    [InlineData("//localhost:{port}/client.json")]
    [InlineData("file:///etc/passwd")]
    public async Task M_01_refuses_a_URL_that_is_no_client_id(string url)
    {
        // A document is there, so that the URL alone is what is wrong.
        host.Answer($"https://localhost:{host.Port}/client.json", DocumentHost.Document(At(url)).ToJsonString());
        await RefusesWithoutConnectingAsync(At(url));
    }

    [Fact]
    public async Task M_01_refuses_a_URL_of_more_than_2_KB()
    {
        var start = $"https://localhost:{host.Port}/";
        var longest = start + new string('a', 2048 - start.Length);
        host.Answer(longest, DocumentHost.Document(longest).ToJsonString());
        await server.AssertAcceptsDescribedAsync(longest);
        await RefusesWithoutConnectingAsync(longest + "a");
    }

    [Theory]
    [InlineData("?")]
    [InlineData("?version=1")]
    [InlineData("?a=/../")]
    public async Task M_02_refuses_a_URL_with_a_query(string query)
    {
        var url = host.NewUrl() + query;
        host.Answer(url, DocumentHost.Document(url).ToJsonString());
        await RefusesWithoutConnectingAsync(url);
    }

    [Theory]
    [InlineData("2130706433")]
    [InlineData("017700000001")]
    [InlineData("0x7f000001")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("0x7f.0x0.0x0.0x1")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.1")]
    [InlineData("127.0.1")]
    [InlineData("127.0.0.1.")]
    [InlineData("0")]
    [InlineData("0.0.0.0")]
    [InlineData("localhost.")]
    [InlineData("LOCALHOST")]
    [InlineData("１２７.0.0.1")]
    [InlineData("①②⑦.⓪.⓪.①")]
    [InlineData("127。0。0。1")]
    [InlineData("ⓛocalhost")]
    [InlineData("local\u00adhost")]
    [InlineData("%6cocalhost")]
    [InlineData("[::1]")]
    [InlineData("[0:0:0:0:0:0:0:1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::ffff:7f00:1]")]
    [InlineData("[fe80::1%25lo]")]
    [InlineData("[::1%lo]")]
    public async Task M_04_refuses_an_address_in_disguise(string literal) =>
        await RefusesWithoutConnectingAsync($"https://{literal}:{host.Port}/client.json");

    private async Task RefusesWithoutConnectingAsync(string url)
    {
        var before = host.Connections;
        await server.AssertRefusesDescribedAsync(url);
        Assert.Equal(before, host.Connections);
    }

    private string At(string url) => url.Replace("{port}", host.Port.ToString(null, null), StringComparison.Ordinal);
}
