using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>Which redirect_uris a client may register.</summary>
public sealed class RegistrationRedirectUriTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"https://a.example/cb\"")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[null]")]
    [InlineData("[[\"https://a.example/cb\"]]")]
    [InlineData("[\"\"]")]
    [InlineData("[\"https://a.example/cb\",\"\"]")]
    public async Task D_02_wants_a_list_of_redirect_uris(string? json) =>
        await AssertRefusedAsync(json is null ? "{}" : $$"""{"redirect_uris":{{json}}}""");

    [Fact]
    public async Task D_02_takes_32_redirect_uris_and_no_more_and_says_how_many_there_are()
    {
        await AssertTakenAsync(Of([.. Enumerable.Range(0, 32).Select(i => $"https://a.example/{i}")]));
        string[] tooMany = [.. Enumerable.Range(0, 33).Select(i => $"https://a.example/{i}")];
        await AssertRefusedAsync(Of(tooMany));
        Assert.Equal("redirect_uris must have 1 to 32 members and has 33.", await DescriptionAsync(Of(tooMany)));
    }

    // In the field a client registers every port that it may listen on.
    [Fact]
    public async Task D_02_takes_twelve_loopback_URIs_in_one_registration() =>
        await AssertTakenAsync(Of([.. Enumerable.Range(0, 12).Select(i => $"http://localhost:{19_876 + i}/oauth/callback")]));

    [Fact]
    public async Task D_02_says_which_member_is_at_fault() =>
        Assert.Equal(
            "redirect_uris[1] is refused: plain http to a host that is not loopback.",
            await DescriptionAsync(Of("https://a.example/cb", "http://a.example/cb", "javascript:alert(1)"))
        );

    [Fact]
    public async Task D_02_takes_two_kilobytes_of_redirect_uri_and_no_more()
    {
        await AssertTakenAsync(Of("https://a.example/".PadRight(2048, 'x')));
        await AssertRefusedAsync(Of("https://a.example/".PadRight(2049, 'x')));
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData(" javascript:alert(1)")]
    [InlineData("JaVaScRiPt:alert(1)")]
    [InlineData("java%09script:alert(1)")]
    [InlineData("java\tscript:alert(1)")]
    [InlineData("\u0001javascript:alert(1)")]
    [InlineData("javascript://a.example/%0aalert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("vbscript:x")]
    [InlineData("blob:https://a.example/x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("about:blank")]
    [InlineData("ftp://a.example/cb")]
    [InlineData("ws://a.example/cb")]
    [InlineData("wss://a.example/cb")]
    [InlineData("view-source:https://a.example/")]
    [InlineData("/cb")]
    [InlineData("//evil.example/cb")]
    [InlineData("cb")]
    [InlineData("?x")]
    public async Task D_03_refuses_schemes_that_no_client_lives_at(string uri) => await AssertRefusedAsync(Of(uri));

    [Theory]
    [InlineData("http://a.example/cb")]
    [InlineData("http://localhost.evil.example/cb")]
    [InlineData("http://localhost.evil/cb")]
    [InlineData("http://127.0.0.1.evil.example/cb")]
    [InlineData("http://127.0.0.1@evil.example/cb")]
    [InlineData("http://localhost:80@evil.example/cb")]
    [InlineData("http://192.168.0.1/cb")]
    [InlineData("http://0.0.0.0/cb")]
    [InlineData("http://localhost:0/cb")]
    [InlineData("http://localhost:65536/cb")]
    [InlineData("http://2130706433/cb")]
    [InlineData("https://user@a.example/cb")]
    [InlineData("https://user:password@a.example/cb")]
    [InlineData("https://a.example/cb#f")]
    [InlineData("https://a.example/cb#")]
    [InlineData("https://*.a.example/cb")]
    [InlineData("https://a.example/*")]
    [InlineData("https://a.example/x/../cb")]
    [InlineData("https://a.example/./cb")]
    [InlineData("https://a.example/%2e%2e/cb")]
    [InlineData("https://a.example/.%2E/cb")]
    [InlineData("https://a.example/..;/cb")]
    [InlineData("https://a.example/..")]
    [InlineData("https://a.example\\cb")]
    [InlineData("https://a.example/c b")]
    [InlineData("https://a.example/cb\n")]
    [InlineData("https://a.example/cb\r\nX: y")]
    [InlineData("https://a.example/%0d%0aX")]
    [InlineData("https://a。example/cb")]
    [InlineData("https://")]
    [InlineData("https:///cb")]
    [InlineData("https:a.example/cb")]
    public async Task D_04_refuses_what_could_lead_elsewhere(string uri) => await AssertRefusedAsync(Of(uri));

    [Theory]
    [InlineData("myapp:/cb")]
    [InlineData("myapp://cb")]
    [InlineData("MYAPP:/cb")]
    [InlineData("cursorx://cb")]
    [InlineData("com.example.app:")]
    public async Task D_05_refuses_a_private_use_scheme_that_is_neither_known_nor_a_reverse_domain(string uri) =>
        await AssertRefusedAsync(Of(uri));

    [Theory]
    [InlineData("https://a.example/cb?%63ode=x")]
    [InlineData("https://a.example/cb?x=1&%69ss=https://evil.example")]
    [InlineData("https://a.example/cb?error_description=x")]
    [InlineData("https://a.example/cb?error_uri=https://evil.example")]
    public async Task K_40_refuses_an_answers_parameter_under_another_spelling(string uri) => await AssertRefusedAsync(Of(uri));

    [Theory]
    [InlineData("https://claude.ai/api/mcp/auth_callback")]
    [InlineData("https://a.example:8443/cb?tenant=7")]
    [InlineData("http://localhost/cb")]
    [InlineData("http://127.0.0.1:33418/")]
    [InlineData("http://[::1]:7777/cb")]
    [InlineData("cursor://anysphere.cursor-mcp/oauth/callback")]
    [InlineData("com.example.app:/cb")]
    public async Task D_05_takes_what_clients_in_the_field_use(string uri) => await AssertTakenAsync(Of(uri));

    [Fact]
    public async Task D_05_takes_the_schemes_that_the_operator_allows_and_no_others()
    {
        await using var own = await TestServer.StartAsync(("OAuth:Registration:PrivateUseSchemes:0", "myapp"));
        using var http = own.Http();
        using var taken = await http.PostAsJsonAsync("/register", JsonNode.Parse(Of("myapp:/cb")), TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.Created, taken.StatusCode);
        using var refused = await http.PostAsJsonAsync(
            "/register",
            JsonNode.Parse(Of("cursor://cb")),
            TestContext.Current.CancellationToken
        );
        await refused.AssertErrorAsync(400, "invalid_redirect_uri");
    }

    [Fact]
    public async Task Refuses_all_when_one_is_wrong() =>
        await AssertRefusedAsync("""{"redirect_uris":["https://a.example/cb","javascript:alert(1)"]}""");

    private static string Of(params string[] uris) =>
        new JsonObject { ["redirect_uris"] = new JsonArray([.. uris.Select(uri => JsonValue.Create(uri))]) }.ToJsonString();

    private async Task<string?> DescriptionAsync(string body)
    {
        using var response = await RegisterAsync(body);
        return (string?)(await response.JsonAsync())["error_description"];
    }

    private async Task AssertTakenAsync(string body)
    {
        using var response = await RegisterAsync(body);
        Assert.Equal(System.Net.HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(JsonNode.Parse(body)!["redirect_uris"]!.ToJsonString(), (await response.JsonAsync())["redirect_uris"]!.ToJsonString());
    }

    private async Task AssertRefusedAsync(string body)
    {
        var before = await CountAsync();
        using var response = await RegisterAsync(body);
        await response.AssertErrorAsync(400, "invalid_redirect_uri");
        Assert.Equal(before, await CountAsync());
    }

    private Task<int> CountAsync() => server.InDatabaseAsync(db => db.Clients.CountAsync(TestContext.Current.CancellationToken));

    private async Task<HttpResponseMessage> RegisterAsync(string body)
    {
        using var http = server.Http();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        return await http.PostAsync("/register", content, TestContext.Current.CancellationToken);
    }
}
