using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Infrastructure.Persistence.Revocations;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Stores;

/// <summary>What a server knows of tokens: it follows the feed of a database that others write to, by looking alone.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly StoreFixture stores;
    private readonly RevocationFollower follower;
    private readonly KnownTokens known;
    private int reads;

    private Node(StoreFixture stores, RevocationSource source)
    {
        (this.stores, List) = (stores, new RevocationList(TimeProvider.System, TimeSpan.FromHours(1)));
        known = new KnownTokens(List);
        follower = new RevocationFollower(source, List, [], NullLogger<RevocationFollower>.Instance);
    }

    public RevocationList List { get; }

    /// <summary>How often rows were read.</summary>
    public int Reads => reads;

    public static async Task<Node> StartAsync(StoreFixture stores)
    {
        var node = new Node(stores, await stores.InAsync((RevocationSource source) => Task.FromResult(source)));
        await node.follower.StartAsync(Rows.Ct);
        return node;
    }

    /// <summary>Why the token is refused; null when it is served.</summary>
    /// <param name="meanwhile">What happens between reading the row and keeping it.</param>
    public async Task<string?> RefuseAsync(AccessTokenClaims token, Func<Task>? meanwhile = null) =>
        (await known.GetAsync(token, async () =>
            {
                reads++;
                var status = await stores.InAsync((IAccessTokenStore store) => store.FindStatusAsync(token, Rows.Ct));
                await (meanwhile?.Invoke() ?? Task.CompletedTask);
                return status;
            })).Refusal;

    /// <summary>Waits until the token is refused.</summary>
    public async Task<string> RefusesSoonAsync(AccessTokenClaims token)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Yield())
        {
            if (await RefuseAsync(token) is { } refusal)
                return refusal;
            Assert.InRange(waited.Elapsed, TimeSpan.Zero, ServerProcess.Soon);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await follower.StopAsync(CancellationToken.None);
        follower.Dispose();
    }
}
