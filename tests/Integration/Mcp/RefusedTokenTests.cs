using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>
/// What the holder of a refused token is told: all that helps, when the token is genuine, and nothing of it when anybody may have
/// written it.
/// </summary>
public sealed class RefusedTokenTests(ForgeryTests.Victim victim) : IClassFixture<ForgeryTests.Victim>
{
    private const string General = "This is no access token of the authorization server that this server names in its metadata.";

    private readonly TestServer server = victim.Server;

    /// <summary>A change of a good token, and what is said of that. The star stands for the address of the server.</summary>
    public static TheoryData<string, string, string> Changes =>
        new()
        {
            { "exp", "1700000000", "The access token expired at 2023-11-14T22:13:20Z." },
            { "nbf", "4000000000", "The access token is not valid before 2096-10-02T07:06:40Z." },
            { "iat", "4000000000", "The access token is not valid before 2096-10-02T07:06:40Z." },
            { "aud", "\"https://other.example/mcp\"", "The access token is for https://other.example/mcp, and this server is */mcp." },
            { "aud", "[]", "The access token has no audience, and this server is */mcp." },
            { "iss", "\"https://idp.example\"", "The access token was issued by https://idp.example, and this server takes those of *." },
            {
                "aud",
                "\"a\\r\\nSet-Cookie: x=\\\"1\\\"\\\\ \\u00fc\"",
                "The access token is for a??Set-Cookie: x=?1?? ?, and this server is */mcp."
            },
            { "client_id", "null", "The access token lacks the claim client_id." },
            { "sub", "null", "The access token lacks the claim sub." },
            { "exp", "null", "The access token lacks the claim exp." },
            { "grant", "null", "The access token lacks the claim grant." },
        };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Says_of_a_genuine_token_what_its_holder_can_mend_and_of_a_forged_one_nothing(string claim, string value, string told)
    {
        var changed = ForgedToken.Changed(ForgedToken.Claims(victim.Token), (claim, JsonNode.Parse(value)));
        var genuine = await RefuseAsync(ForgedToken.Sign(ForgedToken.Key(server), changed, "at+jwt"));
        Assert.Equal(told.Replace("*", server.Issuer, StringComparison.Ordinal), genuine);
        var forged = await RefuseAsync(ForgedToken.Sign(SmallIssuer.NewKey("ES256", "theirs"), changed, "at+jwt"));
        Assert.Equal(General, forged);
        var ownKey = (string)ForgedToken.Header(victim.Token)["kid"]!;
        forged = await RefuseAsync(ForgedToken.Sign(SmallIssuer.NewKey("ES256", ownKey), changed, "at+jwt"));
        Assert.Equal(General, forged);
    }

    [Fact]
    public async Task Says_that_a_genuine_token_of_another_type_is_no_access_token() =>
        Assert.Equal(
            "The token has the type JWT, which is no access token here.",
            (await RefuseAsync(ForgedToken.Sign(ForgedToken.Key(server), ForgedToken.Claims(victim.Token), "JWT")))
        );

    [Fact]
    public async Task Says_nothing_of_what_is_no_token()
    {
        Assert.Equal(General, (await RefuseAsync("opaque")));
        Assert.Equal(General, (await RefuseAsync(victim.Token[..^4])));
    }

    [Fact]
    public async Task Says_which_scope_is_missing()
    {
        using var client = await TestClient.RegisterAsync(server);
        var (reader, _) = await client.SignInAsync("alice", ("scope", "mcp.read"));
        using var refused = await server.PostMcpAsync(reader, McpRequests.Call("make_authenticated_request", """{"message":"hello"}"""));
        var body = await refused.JsonAsync();
        Assert.Equal("insufficient_scope", (string?)body["error"]);
        Assert.Equal("The access token does not cover this operation: it lacks the scope mcp.write.", (string?)body["error_description"]);
    }

    /// <summary>The sentence of body and challenge, which are the same.</summary>
    private async Task<string> RefuseAsync(string token)
    {
        using var response = await server.PostMcpAsync(token);
        await response.AssertErrorAsync(401, "invalid_token");
        var body = await response.JsonAsync();
        var told = (string)body["error_description"]!;
        Assert.StartsWith(
            $"Bearer error=\"invalid_token\", error_description=\"{told}\", resource_metadata=",
            response.Headers.GetValues("WWW-Authenticate").Single(),
            StringComparison.Ordinal
        );
        Assert.Matches("^[0-9a-f]{32}$", (string?)body["trace_id"]);
        return told;
    }
}
