using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Caching.Memory;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Infrastructure.Accounts;

/// <summary>
/// Makes a name without an account behave like one with an account: the same slow hash, number of attempts and lockout. It is kept
/// in bounded memory, since there is no row to count in.
/// </summary>
internal sealed class UnknownNames(TimeProvider time) : IDisposable
{
    private static readonly Account Nobody = new();
    private static readonly string NobodysHash = new PasswordHasher<Account>().HashPassword(Nobody, Secret.Generate().Reveal());
    private readonly MemoryCache attempts = new(new MemoryCacheOptions { SizeLimit = 20_000 });

    public SignInOutcome Check(string normalizedName, Secret password, SignInSource from, IPasswordHasher<Account> hasher)
    {
        var now = time.GetUtcNow();
        var places = from.PlacesFor(null).Select(place => (Record: Find($"{normalizedName} {place.Place}", now), place.Limit)).ToList();
        if (places.Max(place => place.Record.Failed.Wait(now)) is { } wait)
            return new SignInOutcome.LockedOut(wait);
        hasher.VerifyHashedPassword(Nobody, NobodysHash, password.Reveal());
        foreach (var (record, limit) in places)
            lock (record)
                if (record.Failed.Wait(now) is null)
                    record.Failed = record.Failed.Add(limit, now);
        return new SignInOutcome.WrongPassword();
    }

    private Attempts Find(string key, DateTimeOffset now) => attempts.GetOrCreate(key, entry =>
        {
            entry.SetSize(1); // no expiry: FailedSignIns says itself when it forgets
            return new Attempts(FailedSignIns.None(now));
        })!;

    public void Dispose() => attempts.Dispose();

    private sealed class Attempts(FailedSignIns failed)
    {
        public FailedSignIns Failed { get; set; } = failed;
    }
}
