using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Infrastructure.Persistence.Revocations;

namespace OAuthMcp.Infrastructure.Keys;

/// <summary>
/// Reads the signing keys again when one was withdrawn, and when a token names one that is not known here: another node may have made
/// it a moment ago. Whoever sends tokens of invented keys makes it read once a second, no more.
/// </summary>
internal sealed class SigningKeyReader(IServiceScopeFactory scopes, SigningKeyRing keys, TimeProvider time) : IRevocationHearer, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim turn = new(1);
    private long? last;

    public async Task ReadAgainAsync(CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            if (last is { } read && time.GetElapsedTime(read) < Pause)
                return;
            await ReadAsync(mayAdd: false, ct);
            last = time.GetTimestamp();
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>For a server, which makes a key when none signs.</summary>
    public Task ReadAsync(CancellationToken ct) => ReadAsync(mayAdd: true, ct);

    private async Task ReadAsync(bool mayAdd, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        await keys.LoadAsync(scope.ServiceProvider.GetRequiredService<SigningKeyRows>(), mayAdd, ct);
    }

    public Task HearAsync(Revocation ended, CancellationToken ct) =>
        ended.Kind is RevocationKind.Key or RevocationKind.Everything ? ReadAsync(ct) : Task.CompletedTask;

    public void Dispose() => turn.Dispose();
}
