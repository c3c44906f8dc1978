using System.Diagnostics;
using OAuthMcp.Application.Audit;

namespace OAuthMcp.Integration.Hosting;

/// <summary>What a server has in its audit trail.</summary>
internal static class Trail
{
    public static Task<IReadOnlyList<ListedEvent>> AuditAsync(this TestServer server) =>
        server.InAsync(
            (IAuditRecords records) =>
                records.ListAsync(
                    new ListAuditQuery(null, null, null, null, ListAuditQuery.MaxLimit),
                    TestContext.Current.CancellationToken
                )
        );

    /// <summary>The newest event of that kind, for which it waits, since some are written a moment later.</summary>
    public static async Task<ListedEvent> AuditedAsync(this TestServer server, Func<ListedEvent, bool> isWanted)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < ServerProcess.Soon; await Task.Yield())
            if ((await server.AuditAsync()).FirstOrDefault(isWanted) is { } found)
                return found;
        Assert.Fail($"No such event in:\n{string.Join('\n', await server.AuditAsync())}");
        throw new InvalidOperationException();
    }
}
