using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Infrastructure.Accounts;

/// <summary>
/// Counts possible guesses by account and place. Each count is one conditional statement that is repeated when another came
/// between, so that parallel guesses are all counted.
/// </summary>
internal sealed class SignInAttempts(OAuthDbContext db) : IFailedSignIns
{
    /// <summary>How much longer the longest lockout of these places lasts; null when there is none.</summary>
    public async Task<TimeSpan?> WaitAsync(string subject, IEnumerable<string> places, DateTimeOffset now, CancellationToken ct)
    {
        var names = places.ToArray();
        return await db
                .FailedSignIns.Where(row => row.Subject == subject && names.Contains(row.Place) && row.LockedUntil > now)
                .MaxAsync(row => row.LockedUntil, ct) - now;
    }

    /// <summary>Counts one against a place. False when the place is locked out; then nothing is counted.</summary>
    public async Task<bool> TryCountAsync(string subject, string place, int limit, DateTimeOffset now, CancellationToken ct)
    {
        while (true)
        {
            var row = await db
                .FailedSignIns.AsNoTracking()
                .FirstOrDefaultAsync(known => known.Subject == subject && known.Place == place, ct);
            var failed = row is null ? FailedSignIns.None(now) : new FailedSignIns(row.Count, row.Lockouts, row.LockedUntil, row.LastAt);
            if (failed.Wait(now) is not null)
                return false;
            var next = failed.Add(limit, now);
            if (row is null ? await TryAddAsync(subject, place, next, ct) : await TryReplaceAsync(row, next, ct))
            {
                if (place != SignInSource.Strangers) // which counts a guess that its own place has counted already
                    await NoteAsync(subject, ct);
                return true;
            }
        }
    }

    /// <summary>The owner has signed in, so what was counted against these places was no attack.</summary>
    public async Task ForgetAsync(string subject, IEnumerable<string> places, CancellationToken ct)
    {
        var names = places.Where(place => place != SignInSource.Strangers).ToArray();
        await db.FailedSignIns.Where(row => row.Subject == subject && names.Contains(row.Place)).ExecuteDeleteAsync(ct);
        await db
            .Users.Where(user => user.Id == subject && (user.FailedSinceSignIn > 0 || user.FailedBeforeSignIn > 0))
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(user => user.FailedBeforeSignIn, user => user.FailedSinceSignIn)
                        .SetProperty(user => user.FailedSinceSignIn, 0),
                ct
            );
    }

    public Task<int> CountAsync(string subject, CancellationToken ct) =>
        db.Users.Where(user => user.Id == subject).Select(user => user.FailedSinceSignIn + user.FailedBeforeSignIn).FirstOrDefaultAsync(ct);

    private Task<int> NoteAsync(string subject, CancellationToken ct) =>
        db
            .Users.Where(user => user.Id == subject && user.FailedSinceSignIn < int.MaxValue)
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.FailedSinceSignIn, user => user.FailedSinceSignIn + 1), ct);

    private Task<bool> TryAddAsync(string subject, string place, FailedSignIns next, CancellationToken ct) =>
        db.WriteAsync(
            unit => unit.TryInsertNewAsync(new FailedSignInsRow(subject, place, next.Count, next.Lockouts, next.LockedUntil, next.LastAt)),
            ct
        );

    private async Task<bool> TryReplaceAsync(FailedSignInsRow row, FailedSignIns next, CancellationToken ct) =>
        await db
            .FailedSignIns.Where(known =>
                known.Subject == row.Subject && known.Place == row.Place && known.Count == row.Count && known.Lockouts == row.Lockouts
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(known => known.Count, next.Count)
                        .SetProperty(known => known.Lockouts, next.Lockouts)
                        .SetProperty(known => known.LockedUntil, next.LockedUntil)
                        .SetProperty(known => known.LastAt, next.LastAt),
                ct
            ) > 0;
}
