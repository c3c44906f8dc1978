using System.Data.Common;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;
using OAuthMcp.Infrastructure.Persistence.Revocations;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>
/// Everything that survives a restart. Domain types are mapped as they are; a subclass holds what is special to one database, with
/// its migrations.
/// </summary>
internal abstract class OAuthDbContext(DbContextOptions options) : IdentityUserContext<Account>(options)
{
    public DbSet<Client> Clients => Set<Client>();
    public DbSet<AuthorizationRequest> AuthorizationRequests => Set<AuthorizationRequest>();
    public DbSet<Consent> Consents => Set<Consent>();
    public DbSet<AuthorizationCode> AuthorizationCodes => Set<AuthorizationCode>();
    public DbSet<Grant> Grants => Set<Grant>();
    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();
    public DbSet<RevokedAccessToken> RevokedAccessTokens => Set<RevokedAccessToken>();
    public DbSet<RevocationRow> Revocations => Set<RevocationRow>();
    public DbSet<UsedOnceRow> UsedOnce => Set<UsedOnceRow>();
    internal DbSet<UpstreamSignInRow> UpstreamSignIns => Set<UpstreamSignInRow>();
    internal DbSet<UpstreamTokenRow> UpstreamTokens => Set<UpstreamTokenRow>();
    public DbSet<StoredRecoveryCode> RecoveryCodes => Set<StoredRecoveryCode>();
    public DbSet<FailedSignInsRow> FailedSignIns => Set<FailedSignInsRow>();
    public DbSet<FailureCountRow> FailureCounts => Set<FailureCountRow>();
    public DbSet<ProtocolSessionRow> ProtocolSessions => Set<ProtocolSessionRow>();
    public DbSet<AuditRow> Audit => Set<AuditRow>();
    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    /// <summary>Runs a statement that reads, in the open transaction or in none.</summary>
    /// <returns>The first row as <paramref name="read"/> makes it; null when there is none.</returns>
    internal abstract Task<T?> ReadAsync<T>(
        string statement,
        (RelationalTypeMapping? Mapping, object? Value)[] values,
        Func<DbDataReader, T> read,
        CancellationToken ct
    )
        where T : class;

    /// <summary>
    /// Does the work wholly or not at all, together with other short work that waits; what it returns is durable. The work must be
    /// statements alone, since others wait for it; inside of a transaction it is a part of that.
    /// </summary>
    /// <exception cref="WriterBusyException">Too many wait, or the turn did not come in time.</exception>
    internal abstract Task<T> WriteAsync<T>(Func<WriteUnit, Task<T>> work, CancellationToken ct);

    /// <summary>
    /// Changes one row if a condition still holds, and when it was changed adds another and throws rows away: wholly or not at all.
    /// What it returns is durable.
    /// </summary>
    /// <param name="change">An UPDATE, which changes one row at most: that with the key that is its last value.</param>
    /// <param name="removal">A DELETE, of rows that are neither of the two. It ends in its condition.</param>
    /// <returns>Whether it was changed.</returns>
    /// <exception cref="WriterBusyException">Too many wait, or the turn did not come in time.</exception>
    internal virtual Task<bool> TryChangeAsync<T>(FormattableString change, T? added, FormattableString? removal, CancellationToken ct)
        where T : class =>
        WriteAsync(
            async unit =>
            {
                if (await unit.ExecuteAsync(change) == 0)
                    return false;
                if (added is not null)
                    await unit.InsertAsync(added);
                if (removal is not null)
                    await unit.ExecuteAsync(removal);
                return true;
            },
            ct
        );

    /// <summary>
    /// Does the work in one transaction, wholly or not at all. It may be begun again, so it has to read what it decides by.
    /// </summary>
    /// <exception cref="WriterBusyException">Too many wait, or the turn did not come in time.</exception>
    internal abstract Task<T> InTransactionAsync<T>(Func<Task<T>> work, CancellationToken ct);

    /// <summary>
    /// From here to the end of its transaction, nobody else has a turn of this name. Asked for before anything is read that others
    /// may change meanwhile.
    /// </summary>
    internal abstract Task TakeTurnAsync(string name, CancellationToken ct);

    /// <summary>When this transaction commits, whoever follows the feed of revocations looks at it at once, where that can be.</summary>
    internal abstract Task WakeFollowersAsync(CancellationToken ct);

    /// <summary>From here to the end of its transaction, a statement may take minutes: an operator waits for it, and no client.</summary>
    internal abstract Task AllowLongWorkAsync(CancellationToken ct);

    /// <summary>Statements that throw away a batch each of what this database notes for itself for a while.</summary>
    internal virtual IEnumerable<FormattableString> Notes(DateTimeOffset now, int batch) => [];

    /// <summary>What is left to do when rows were thrown away.</summary>
    internal abstract Task TidyAsync(CancellationToken ct);

    /// <summary>The same, by a command that has its statement and values.</summary>
    private protected static async Task<T?> ReadAsync<T>(DbCommand command, Func<DbDataReader, T> read, CancellationToken ct)
        where T : class
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? read(reader) : null;
    }

    /// <summary>
    /// The version with passkeys. Identity reads it from its options alone, so whoever makes a context has to set it there.
    /// </summary>
    internal static readonly Version IdentitySchema = IdentitySchemaVersions.Version3;

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(OAuthDbContext).Assembly);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<TokenHash>().HaveConversion<Mapping.TokenHashConverter>();
        configurationBuilder.Properties<ScopeSet>().HaveConversion<Mapping.ScopeSetConverter, Mapping.ScopeSetComparer>();
        configurationBuilder.Properties<PkceChallenge>().HaveConversion<Mapping.PkceChallengeConverter>();
        configurationBuilder.Properties<IReadOnlyList<string>>().HaveConversion<Mapping.StringListConverter, Mapping.StringListComparer>();
    }
}
