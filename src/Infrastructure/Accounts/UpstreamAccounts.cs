using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Settings;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;
using OAuthMcp.Infrastructure.Persistence;
using OAuthMcp.Infrastructure.Persistence.Stores;

namespace OAuthMcp.Infrastructure.Accounts;

/// <summary>Identities at providers, stored as Identity's user logins by provider and subject.</summary>
internal sealed class UpstreamAccounts(OAuthDbContext db, UserManager<Account> users, UpstreamTokenSeal seal, OAuthSettings settings)
    : IUpstreamAccounts
{
    private const int LongestName = 100; // some providers do not limit names

    public Task<Result<UpstreamAccount>> SignInAsync(
        UpstreamProvider provider,
        UpstreamIdentity identity,
        string? linkTo,
        DateTimeOffset now,
        CancellationToken ct
    ) => db.InTransactionAsync(() => EnterAsync(provider, identity, linkTo, now, ct), ct);

    private async Task<Result<UpstreamAccount>> EnterAsync(
        UpstreamProvider provider,
        UpstreamIdentity identity,
        string? linkTo,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var login = await FindAsync(provider, identity, ct);
        if (login is null && linkTo is null)
        {
            // The number of accounts is counted before one is added, and the same person may have come in another browser meanwhile.
            await db.TakeTurnAsync("accounts of providers", ct);
            login = await FindAsync(provider, identity, ct);
        }

        if (login is not null && linkTo is not null && login.UserId != linkTo)
            return OAuthError.AccessDenied() with
            {
                Description = "That account belongs to another user of this server.",
                Detail = "identity is linked to another account",
            };

        var owner = login?.UserId ?? linkTo;
        if (owner is not null)
            await db.TakeTurnAsync(owner, ct);
        else if (settings.MaxProviderAccounts is > 0 and var most && await db.UserLogins.CountAsync(ct) >= most)
            return OAuthError.AccessDenied() with
            {
                Description = "This server takes no new accounts at the moment. Ask its operator.",
                Detail = "Limits:ProviderAccounts is reached",
            };
        var account = owner is null
            ? await AddAsync(provider, identity.User, ct)
            : await db.Users.FirstOrDefaultAsync(user => user.Id == owner, ct);
        if (account is null || account.DisabledAt is not null)
            return OAuthError.AccessDenied() with { Description = "Your account here is disabled.", Detail = "account disabled or gone" };
        if (login is null)
        {
            // One account of a provider at a time: linking another one replaces it.
            await db.UserLogins.Where(known => known.UserId == account.Id && known.LoginProvider == provider.Name).ExecuteDeleteAsync(ct);
            db.UserLogins.Add(
                new IdentityUserLogin<string>
                {
                    LoginProvider = provider.Name,
                    ProviderKey = identity.User.Subject,
                    ProviderDisplayName = identity.User.UserName,
                    UserId = account.Id,
                }
            );
        }
        else
        {
            login.ProviderDisplayName = identity.User.UserName;
        }

        await StoreTokenAsync(account.Id, provider, identity, now, ct);
        await db.SaveChangesAsync(ct);
        return new UpstreamAccount(new SignedInAccount(account.Id, account.UserName!), account.TwoFactorEnabled);
    }

    private Task<IdentityUserLogin<string>?> FindAsync(UpstreamProvider provider, UpstreamIdentity identity, CancellationToken ct) =>
        db.UserLogins.FirstOrDefaultAsync(login => login.LoginProvider == provider.Name && login.ProviderKey == identity.User.Subject, ct);

    public async Task<IReadOnlyList<LinkedAccount>> ListAsync(string subject, CancellationToken ct) =>
        await db
            .UserLogins.Where(login => login.UserId == subject)
            .Select(login => new LinkedAccount(
                login.LoginProvider,
                login.ProviderDisplayName ?? login.ProviderKey,
                db.UpstreamTokens.Any(token =>
                    token.Subject == subject && token.Provider == login.LoginProvider && token.Refusals < UpstreamToken.Confirmations
                )
            ))
            .ToListAsync(ct);

    public Task<bool> TryUnlinkAsync(string subject, string provider, CancellationToken ct) =>
        db.InTransactionAsync(() => UnlinkAsync(subject, provider, ct), ct);

    private async Task<bool> UnlinkAsync(string subject, string provider, CancellationToken ct)
    {
        await db.TakeTurnAsync(subject, ct);
        var forgotten = await db
            .UpstreamTokens.Where(token => token.Subject == subject && token.Provider == provider)
            .ExecuteDeleteAsync(ct);
        // The last way in stays, since nobody could sign in to the account without it.
        var hasAnotherWayIn =
            await db.Users.AnyAsync(user => user.Id == subject && user.PasswordHash != null, ct)
            || await db.UserLogins.AnyAsync(login => login.UserId == subject && login.LoginProvider != provider, ct);
        if (hasAnotherWayIn)
            forgotten += await db
                .UserLogins.Where(login => login.UserId == subject && login.LoginProvider == provider)
                .ExecuteDeleteAsync(ct);
        return forgotten > 0;
    }

    // A name for people to read, such as octocat@github, with the subject added when somebody has that name already.
    private async Task<Account> AddAsync(UpstreamProvider provider, UpstreamUser user, CancellationToken ct)
    {
        var name = $"{user.UserName[..Math.Min(user.UserName.Length, LongestName)]}@{provider.Name}";
        if (await users.FindByNameAsync(name) is not null)
            name = $"{name}#{user.Subject}";
        var account = new Account
        {
            Id = Identifier.New("usr"),
            UserName = name,
            NormalizedUserName = users.NormalizeName(name),
            SecurityStamp = Identifier.New("stamp"),
        };
        db.Users.Add(account);
        await db.SaveChangesAsync(ct);
        return account;
    }

    private async Task StoreTokenAsync(
        string subject,
        UpstreamProvider provider,
        UpstreamIdentity identity,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var granted = new UpstreamToken
        {
            Subject = subject,
            Provider = provider.Name,
            Identity = identity.User.Subject,
            AccessToken = identity.Tokens.AccessToken,
            RefreshToken = identity.Tokens.RefreshToken,
            Scope = identity.Tokens.Scope ?? provider.Scopes, // RFC 6749 §5.1: without one, as asked for
            ExpiresAt = now + identity.Tokens.ExpiresIn,
            Generation = now.UtcTicks, // so that a renewal of the former token is not stored over it
        };
        var (accessToken, refreshToken) = seal.Close(granted);
        var row = await db.UpstreamTokens.FirstOrDefaultAsync(token => token.Subject == subject && token.Provider == provider.Name, ct);
        if (row is null)
            db.UpstreamTokens.Add(
                row = new UpstreamTokenRow
                {
                    Subject = subject,
                    Provider = provider.Name,
                    SealedAccessToken = "",
                    Scope = [],
                }
            );
        (row.SealedAccessToken, row.SealedRefreshToken, row.Scope, row.ExpiresAt, row.Generation) = (
            accessToken,
            refreshToken,
            granted.Scope,
            granted.ExpiresAt,
            granted.Generation
        );
        (row.Refusals, row.Lease, row.LeasedUntil) = (0, null, null);
    }
}
