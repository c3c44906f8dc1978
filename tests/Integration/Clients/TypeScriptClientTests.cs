using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>The official TypeScript client, of both lines of releases.</summary>
public sealed class TypeScriptClientTests(SharedDocuments shared) : IClassFixture<SharedDocuments>
{
    [Theory]
    [InlineData("@modelcontextprotocol/client", "auto", "2026-07-28", false)]
    [InlineData("@modelcontextprotocol/client", "auto", "2026-07-28", true)]
    [InlineData("@modelcontextprotocol/client", "legacy", "2025-11-25", false)]
    [InlineData("@modelcontextprotocol/sdk", "legacy", "2025-11-25", false)]
    [InlineData("@modelcontextprotocol/sdk", "legacy", "2025-11-25", true)]
    public async Task Takes_every_step(string package, string mode, string revision, bool isDescribed)
    {
        Requires.Package(package);
        var document = isDescribed ? shared.Host.PublishForLoopback() : null;
        await using var client = DrivenClient.Start("typescript.mjs", package, mode, shared.Server.Resource, document);
        Assert.Equal(isDescribed, await client.TakeEveryStepAsync(shared.Server, revision) == document);
    }
}
