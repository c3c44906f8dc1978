using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Tokens;
using OAuthMcp.Infrastructure.Persistence.Revocations;

namespace OAuthMcp.Infrastructure.Persistence.Mapping;

internal sealed class ClientTable : IEntityTypeConfiguration<Client>
{
    /// <summary>When the last of its grants was deleted. Applications keep a client_id that worked.</summary>
    public const string LastGrantEndedAt = "LastGrantEndedAt";

    public void Configure(EntityTypeBuilder<Client> builder)
    {
        builder.ToTable("Clients").HasKey(client => client.Id);
        builder
            .Ignore(client => client.IsPublic)
            .Ignore(client => client.IsDisabled)
            .Ignore(client => client.IsPreRegistered)
            .Ignore(client => client.IsLoopbackOnly);
        builder.Property(client => client.Origin).HasConversion<string>();
        builder.HasIndex(client => client.CreatedAt);
        builder.Property<DateTimeOffset?>(LastGrantEndedAt);
    }
}

internal sealed class AuthorizationRequestTable : IEntityTypeConfiguration<AuthorizationRequest>
{
    public void Configure(EntityTypeBuilder<AuthorizationRequest> builder)
    {
        builder.ToTable("AuthorizationRequests").HasKey(request => request.Id);
        builder.HasIndex(request => request.CreatedAt);
        builder.HasIndex(request => request.ClientId);
        builder.Ignore(request => request.OptionalScope).Ignore(request => request.NeedsRead);
    }
}

internal sealed class ConsentTable : IEntityTypeConfiguration<Consent>
{
    public void Configure(EntityTypeBuilder<Consent> builder)
    {
        builder.ToTable("Consents").HasKey(consent => new { consent.Subject, consent.ClientId });
        builder.HasIndex(consent => consent.ClientId);
        builder.HasIndex(consent => consent.ExpiresAt);
    }
}

internal sealed class AuthorizationCodeTable : IEntityTypeConfiguration<AuthorizationCode>
{
    public void Configure(EntityTypeBuilder<AuthorizationCode> builder)
    {
        builder.ToTable("AuthorizationCodes").HasKey(code => code.Hash);
        builder.HasOne<Grant>().WithMany().HasForeignKey(code => code.GrantId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(code => code.ExpiresAt).HasFilter("\"RedeemedAt\" IS NULL");
    }
}

internal sealed class GrantTable : IEntityTypeConfiguration<Grant>
{
    public void Configure(EntityTypeBuilder<Grant> builder)
    {
        builder.ToTable("Grants").HasKey(grant => grant.Id);
        builder.HasIndex(grant => new { grant.Subject, grant.ClientId });
        builder.HasIndex(grant => grant.ClientId);
        builder.HasIndex(grant => grant.ExpiresAt);
        builder.HasIndex(grant => grant.RevokedAt).HasFilter("\"RevokedAt\" IS NOT NULL");
    }
}

internal sealed class RefreshTokenTable : IEntityTypeConfiguration<RefreshToken>
{
    public void Configure(EntityTypeBuilder<RefreshToken> builder)
    {
        builder.ToTable("RefreshTokens").HasKey(token => token.Hash);
        builder.HasOne<Grant>().WithMany().HasForeignKey(token => token.GrantId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(token => token.Family).HasFilter("\"Family\" IS NOT NULL");
    }
}

internal sealed class RevokedAccessTokenTable : IEntityTypeConfiguration<RevokedAccessToken>
{
    public void Configure(EntityTypeBuilder<RevokedAccessToken> builder)
    {
        builder.ToTable("RevokedAccessTokens").HasKey(token => token.JwtId);
        builder.HasIndex(token => token.ExpiresAt);
    }
}

internal sealed class RevocationTable : IEntityTypeConfiguration<RevocationRow>
{
    public void Configure(EntityTypeBuilder<RevocationRow> builder)
    {
        builder.ToTable("Revocations").HasKey(entry => entry.Number);
        builder.Property(entry => entry.Number).ValueGeneratedNever();
        builder.Property(entry => entry.Kind).HasConversion<string>();
        builder.Property(entry => entry.Id).IsRequired();
        builder.HasIndex(entry => entry.At);
    }
}

internal sealed class UsedOnceTable : IEntityTypeConfiguration<UsedOnceRow>
{
    public void Configure(EntityTypeBuilder<UsedOnceRow> builder)
    {
        builder.ToTable("UsedOnce").HasKey(used => new { used.Kind, used.Id });
        builder.Property(used => used.Kind).HasConversion<string>();
        builder.HasIndex(used => used.ExpiresAt);
    }
}

internal sealed class UpstreamSignInTable : IEntityTypeConfiguration<UpstreamSignInRow>
{
    public void Configure(EntityTypeBuilder<UpstreamSignInRow> builder)
    {
        builder.ToTable("UpstreamSignIns").HasKey(signIn => signIn.State);
        builder.HasIndex(signIn => signIn.CreatedAt);
    }
}

internal sealed class UpstreamTokenTable : IEntityTypeConfiguration<UpstreamTokenRow>
{
    public void Configure(EntityTypeBuilder<UpstreamTokenRow> builder)
    {
        builder.ToTable("UpstreamTokens").HasKey(token => new { token.Subject, token.Provider });
        builder.HasOne<Account>().WithMany().HasForeignKey(token => token.Subject).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class RecoveryCodeTable : IEntityTypeConfiguration<StoredRecoveryCode>
{
    public void Configure(EntityTypeBuilder<StoredRecoveryCode> builder)
    {
        builder.ToTable("RecoveryCodes").HasKey(code => new { code.Subject, code.Hash });
        builder.HasOne<Account>().WithMany().HasForeignKey(code => code.Subject).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class FailedSignInsTable : IEntityTypeConfiguration<FailedSignInsRow>
{
    public void Configure(EntityTypeBuilder<FailedSignInsRow> builder)
    {
        builder.ToTable("FailedSignIns").HasKey(failed => new { failed.Subject, failed.Place });
        builder.HasIndex(failed => failed.LastAt);
    }
}

internal sealed class FailureCountTable : IEntityTypeConfiguration<FailureCountRow>
{
    public void Configure(EntityTypeBuilder<FailureCountRow> builder)
    {
        builder
            .ToTable("FailureCounts")
            .HasKey(count => new
            {
                count.Kind,
                count.Peer,
                count.Minute,
            });
        builder.Property(count => count.Kind).HasConversion<string>();
        builder.HasIndex(count => count.Minute);
    }
}

internal sealed class ProtocolSessionTable : IEntityTypeConfiguration<ProtocolSessionRow>
{
    public void Configure(EntityTypeBuilder<ProtocolSessionRow> builder)
    {
        builder.ToTable("ProtocolSessions").HasKey(session => session.Id);
        builder.HasIndex(session => new { session.Subject, session.ExpiresAt });
        builder.HasIndex(session => session.ExpiresAt);
    }
}

internal sealed class SigningKeyTable : IEntityTypeConfiguration<SigningKey>
{
    public void Configure(EntityTypeBuilder<SigningKey> builder) => builder.ToTable("SigningKeys").HasKey(key => key.KeyId);
}
