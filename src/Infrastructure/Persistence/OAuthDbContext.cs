using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>
/// Everything that survives a restart. Domain types are mapped as they are; one subclass per database holds what the
/// databases disagree on, and its migrations.
/// </summary>
public abstract class OAuthDbContext(DbContextOptions options) : IdentityUserContext<Account>(options)
{
    public DbSet<Client> Clients => Set<Client>();
    public DbSet<AuthorizationRequest> AuthorizationRequests => Set<AuthorizationRequest>();
    public DbSet<Consent> Consents => Set<Consent>();
    public DbSet<AuthorizationCode> AuthorizationCodes => Set<AuthorizationCode>();
    public DbSet<Grant> Grants => Set<Grant>();
    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();
    public DbSet<RevokedAccessToken> RevokedAccessTokens => Set<RevokedAccessToken>();
    public DbSet<UsedAssertion> UsedAssertions => Set<UsedAssertion>();
    internal DbSet<UpstreamSignInRow> UpstreamSignIns => Set<UpstreamSignInRow>();
    internal DbSet<UpstreamTokenRow> UpstreamTokens => Set<UpstreamTokenRow>();
    public DbSet<StoredRecoveryCode> RecoveryCodes => Set<StoredRecoveryCode>();
    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    /// <summary>
    /// With passkeys. Identity reads it from its options and nowhere else when it builds the model, so that whoever makes
    /// a context has to have set it there.
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
