using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;
using Secret = OAuthMcp.Domain.Protocol.Secret;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

/// <summary>Stores state and nonce as hashes, and seals the code verifier.</summary>
internal sealed class UpstreamSignIns(OAuthDbContext db, IDataProtectionProvider protection) : IUpstreamSignIns
{
    private readonly IDataProtector verifierProtector = protection.CreateProtector("UpstreamSignIn.CodeVerifier");

    public Task<bool> TryAddAsync(UpstreamSignIn signIn, int limit, CancellationToken ct)
    {
        var row = new UpstreamSignInRow(
            signIn.State,
            signIn.Provider,
            signIn.Nonce,
            verifierProtector.Protect(signIn.CodeVerifier.Reveal()),
            signIn.Browser,
            signIn.RequestId,
            signIn.Then,
            signIn.LinkTo,
            signIn.CreatedAt,
            null
        );
        return db.WriteAsync(unit => unit.TryInsertAsync(row, limit), ct);
    }

    public async Task<UpstreamSignIn?> FindAsync(TokenHash state, CancellationToken ct) =>
        await db.UpstreamSignIns.AsNoTracking().FirstOrDefaultAsync(signIn => signIn.State == state, ct) is not { } row
            ? null
            : new UpstreamSignIn
            {
                State = row.State,
                Provider = row.Provider,
                Nonce = row.Nonce,
                CodeVerifier = new Secret(verifierProtector.Unprotect(row.SealedCodeVerifier)),
                Browser = row.Browser,
                RequestId = row.RequestId,
                Then = row.Then,
                LinkTo = row.LinkTo,
                CreatedAt = row.CreatedAt,
                UsedAt = row.UsedAt,
            };

    public async Task<bool> TryUseAsync(TokenHash state, DateTimeOffset now, CancellationToken ct) =>
        await db
            .UpstreamSignIns.Where(signIn => signIn.State == state && signIn.UsedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(signIn => signIn.UsedAt, now), ct) > 0;
}
