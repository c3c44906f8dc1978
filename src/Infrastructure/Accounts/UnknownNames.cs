using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Caching.Memory;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Infrastructure.Accounts;

/// <summary>
/// Lets a name without an account behave like one with: the same slow hash, the same number of attempts, the same
/// lockout. Kept in memory and bounded, since there is no row to count on.
/// </summary>
internal sealed class UnknownNames(TimeProvider time) : IDisposable
{
    public const int MaxAttempts = 10;
    public static readonly TimeSpan LockoutTime = TimeSpan.FromMinutes(5);

    private static readonly Account Nobody = new();
    private static readonly string NobodysHash = new PasswordHasher<Account>().HashPassword(Nobody, Secret.Generate().Reveal());
    private readonly MemoryCache attempts = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    public SignInOutcome Check(string normalizedName, Secret password, IPasswordHasher<Account> hasher)
    {
        var record = attempts.GetOrCreate(normalizedName, entry =>
        {
            entry.SetSize(1); // no expiry: an account does not forget its wrong passwords either
            return new Attempts();
        })!;
        lock (record)
        {
            var now = time.GetUtcNow();
            if (record.LockedUntil > now)
                return new SignInOutcome.LockedOut(record.LockedUntil - now);
            hasher.VerifyHashedPassword(Nobody, NobodysHash, password.Reveal());
            if (++record.Count >= MaxAttempts)
                (record.Count, record.LockedUntil) = (0, now + LockoutTime);
            return new SignInOutcome.WrongPassword();
        }
    }

    public void Dispose() => attempts.Dispose();

    private sealed class Attempts
    {
        public int Count { get; set; }
        public DateTimeOffset LockedUntil { get; set; }
    }
}
