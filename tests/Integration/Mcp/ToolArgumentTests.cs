using System.Text.Json;
using ModelContextProtocol.Protocol;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>What a caller hears whose arguments do not fit: enough to mend the call.</summary>
public sealed class ToolArgumentTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Theory]
    [InlineData("{}", "message is required.")]
    [InlineData("""{"Message":"hi"}""", "message is required.")]
    [InlineData("""{"message":7}""", "message must be of type string.")]
    [InlineData("""{"message":null}""", "message must be of type string.")]
    [InlineData("""{"message":["a"]}""", "message must be of type string.")]
    public async Task Says_which_argument_does_not_fit(string arguments, string says)
    {
        var result = await CallAsync(arguments);
        Assert.Equal((true, says), (result.IsError, result.TextOf()));
    }

    [Fact]
    public async Task Takes_no_notice_of_an_argument_that_the_tool_does_not_have() =>
        Assert.NotEqual(true, (await CallAsync("""{"message":"hi","mood":"good"}""")).IsError);

    private async Task<CallToolResult> CallAsync(string arguments)
    {
        using var registered = await TestClient.RegisterAsync(shared.Server);
        await using var client = await Callers.ConnectAsync(
            shared.Server,
            (await registered.SignInAsync("alice", ("scope", "mcp.write"))).Access
        );
        return await client.CallToolAsync(
            "make_authenticated_request",
            JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments)!,
            cancellationToken: TestContext.Current.CancellationToken
        );
    }
}
