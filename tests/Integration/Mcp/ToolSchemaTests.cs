using System.Text.Json;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>Schemas that every client can read, and results that keep to them.</summary>
public sealed class ToolSchemaTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-11-25")]
    public async Task U_15_no_schema_has_a_union(string revision)
    {
        using var registered = await TestClient.RegisterAsync(shared.Server);
        await using var client = await Callers.ConnectAsync(shared.Server, (await registered.SignInAsync()).Access, revision);
        var tools = await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(3, tools.Count);
        foreach (var tool in tools)
        {
            AssertPortable(tool.ProtocolTool.InputSchema);
            AssertPortable(Assert.NotNull(tool.ProtocolTool.OutputSchema));
        }
    }

    [Fact]
    public async Task U_15_what_is_not_known_is_left_out()
    {
        using var registered = await TestClient.RegisterAsync(shared.Server);
        await using var client = await Callers.ConnectAsync(shared.Server, (await registered.SignInAsync()).Access);
        var tool = (await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Single(tool =>
            tool.Name == "who_am_i"
        );
        var required = tool.ProtocolTool.OutputSchema!.Value.GetProperty("required").EnumerateArray().Select(name => name.GetString());
        Assert.Equal(["scopes", "subject"], required.Order());
        var result = await client.CallToolAsync("who_am_i", cancellationToken: TestContext.Current.CancellationToken);
        Assert.DoesNotContain(result.StructuredContent!.Value.EnumerateObject(), member => member.Value.ValueKind == JsonValueKind.Null);
    }

    private static void AssertPortable(JsonElement schema)
    {
        if (schema.ValueKind == JsonValueKind.Array)
            foreach (var item in schema.EnumerateArray())
                AssertPortable(item);
        if (schema.ValueKind != JsonValueKind.Object)
            return;
        foreach (var member in schema.EnumerateObject())
        {
            Assert.False(member.Name is "anyOf" or "oneOf", schema.GetRawText());
            Assert.False(member.Name == "type" && member.Value.ValueKind == JsonValueKind.Array, schema.GetRawText());
            AssertPortable(member.Value);
        }
    }
}
