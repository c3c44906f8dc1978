using Microsoft.EntityFrameworkCore;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Infrastructure.Accounts;

/// <summary>
/// Counts what could be a guess, and locks the account for a while after too many. In one statement: Identity reads, adds
/// and saves, so that of guesses that come at once it counts one.
/// </summary>
internal sealed class SignInAttempts(OAuthDbContext db)
{
    /// <summary>Counts one. False when the account is locked, and was not counted any further.</summary>
    public async Task<bool> TryCountAsync(string subject, DateTimeOffset now, CancellationToken ct)
    {
        DateTimeOffset? end = now + UnknownNames.LockoutTime;
        return await db
                .Users.Where(user => user.Id == subject && (user.LockoutEnd == null || user.LockoutEnd <= now))
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(
                                user => user.LockoutEnd,
                                user => user.AccessFailedCount + 1 >= UnknownNames.MaxAttempts ? end : user.LockoutEnd
                            )
                            .SetProperty(
                                user => user.AccessFailedCount,
                                user => user.AccessFailedCount + 1 >= UnknownNames.MaxAttempts ? 0 : user.AccessFailedCount + 1
                            ),
                    ct
                ) > 0;
    }

    /// <summary>Forgets them: whoever it was, it is the account's owner.</summary>
    public Task ForgetAsync(string subject, CancellationToken ct) =>
        db
            .Users.Where(user => user.Id == subject && (user.AccessFailedCount > 0 || user.LockoutEnd != null))
            .ExecuteUpdateAsync(
                set => set.SetProperty(user => user.AccessFailedCount, 0).SetProperty(user => user.LockoutEnd, (DateTimeOffset?)null),
                ct
            );
}
