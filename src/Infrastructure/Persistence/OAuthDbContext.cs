using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;
using OAuthMcp.Infrastructure.Accounts;
using OAuthMcp.Infrastructure.Keys;

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

/// <summary>An access token that was revoked before it expired (RFC 7009), by its <c>jti</c>.</summary>
public sealed record RevokedAccessToken(string JwtId, DateTimeOffset ExpiresAt);

/// <summary>A user on the way to a provider; the verifier is sealed.</summary>
internal sealed record UpstreamSignInRow(
    TokenHash State, string Provider, TokenHash Nonce, string SealedCodeVerifier, TokenHash Browser, string? RequestId, string? Then, string? LinkTo, DateTimeOffset CreatedAt, DateTimeOffset? UsedAt);

/// <summary>A user's token at a provider; both secrets are sealed to this row.</summary>
internal sealed class UpstreamTokenRow
{
    public required string Subject { get; init; }
    public required string Provider { get; init; }
    public required string SealedAccessToken { get; set; }
    public string? SealedRefreshToken { get; set; }
    public required IReadOnlyList<string> Scope { get; set; }
    public DateTimeOffset? ExpiresAt { get; set; }
    public long Generation { get; set; }
    public int Refusals { get; set; }
    public DateTimeOffset? LeasedUntil { get; set; }
    public string? Lease { get; set; }
}

/// <summary>A client assertion that was accepted (RFC 7523 §3), by client and <c>jti</c>.</summary>
public sealed record UsedAssertion(string ClientId, string JwtId, DateTimeOffset ExpiresAt);
