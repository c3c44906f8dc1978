using System.Text.Json;
using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Flows;

/// <summary>The walk to its end: what the real httpbin says arrived there.</summary>
public sealed class HttpBinTests
{
    [Fact]
    public async Task The_token_that_the_client_holds_arrives_at_httpbin_and_comes_back_masked()
    {
        Requires.HttpBin();
        await using var bin = await HttpBin.StartAsync();
        var answers = new List<string>();
        await using var proxy = await StandIn.RecordingAsync(bin.Address, answers.Add);
        await using var server = await TestServer.StartAsync(("Downstream:BaseAddress", proxy.Address.AbsoluteUri));
        using var browser = server.Browser();
        var tokens = new OfficialClient.Tokens();
        await using var client = await OfficialClient.ConnectAsync(server, browser, tokens);
        const string message = "grüß dich & more = 1/2 + \"quoted\"";

        var result = await client.CallToolAsync(
            "make_authenticated_request",
            new Dictionary<string, object?> { ["message"] = message },
            cancellationToken: TestContext.Current.CancellationToken
        );

        var token = tokens.Current!.AccessToken;
        var arrived = JsonNode.Parse(Assert.Single(answers))!;
        Assert.Equal("GET", (string?)arrived["method"]);
        Assert.Equal($"Bearer {token}", (string?)arrived["headers"]!["Authorization"]);
        Assert.Equal(message, (string?)arrived["args"]!["message"]);

        Assert.NotEqual(true, result.IsError);
        var told = result.StructuredContent!.Value;
        Assert.Equal("GET", told.GetProperty("method").GetString());
        Assert.Equal((string?)arrived["url"], told.GetProperty("url").GetString());
        Assert.Equal(message, told.GetProperty("args").GetProperty("message").GetString());
        Assert.Equal($"Bearer {token[..4]}****{token[^4..]}", told.GetProperty("headers").GetProperty("Authorization").GetString());
        Assert.DoesNotContain(token, JsonSerializer.Serialize(result), StringComparison.Ordinal);
        Assert.DoesNotContain(server.Log.All, line => line.Contains(token, StringComparison.Ordinal));
    }
}
