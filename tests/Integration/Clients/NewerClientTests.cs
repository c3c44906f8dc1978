using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>The official C# client, in a newer release than the server is built with.</summary>
public sealed class NewerClientTests(SharedDocuments shared) : IClassFixture<SharedDocuments>
{
    [Theory]
    [InlineData("2026-07-28", true)]
    [InlineData("2025-11-25", false)]
    public async Task Takes_every_step(string revision, bool isDescribed)
    {
        var document = isDescribed ? shared.Host.PublishForLoopback() : null;
        await using var client = DrivenClient.StartNewer(shared.Server.Resource, revision, document);
        Assert.Equal(isDescribed, await client.TakeEveryStepAsync(shared.Server, revision) == document);
    }
}
