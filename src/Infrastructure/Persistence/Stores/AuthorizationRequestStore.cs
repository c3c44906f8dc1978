using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

/// <summary>Seals <c>state</c>, which is a secret of the client.</summary>
internal sealed class AuthorizationRequestStore(OAuthDbContext db, IDataProtectionProvider protection, CurrentAct act)
    : IAuthorizationRequestStore
{
    private readonly IDataProtector stateProtector = protection.CreateProtector("AuthorizationRequest.State");

    public Task<bool> TryAddAsync(AuthorizationRequest request, int limit, CancellationToken ct)
    {
        var row = request with { State = request.State is { } state ? stateProtector.Protect(state) : null };
        return db.WriteAsync(unit => unit.TryInsertAsync(row, limit), ct);
    }

    public Task DropAsync(string? id, CancellationToken ct) =>
        (
            id is null
                ? db.AuthorizationRequests.OrderBy(request => request.CreatedAt).Take(1)
                : db.AuthorizationRequests.Where(request => request.Id == id)
        ).ExecuteDeleteAsync(ct);

    public async Task<AuthorizationRequest?> FindAsync(string id, CancellationToken ct) =>
        await db.AuthorizationRequests.AsNoTracking().FirstOrDefaultAsync(request => request.Id == id, ct) is { } found
            ? found with
            {
                State = found.State is { } state ? stateProtector.Unprotect(state) : null,
            }
            : null;

    public async Task<bool> TryChooseAsync(string id, string provider, CancellationToken ct) =>
        await db
            .AuthorizationRequests.Where(request => request.Id == id && request.AnsweredAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(request => request.Provider, provider), ct) > 0;

    public async Task<bool> TryApproveAsync(string id, ScopeSet scope, CancellationToken ct) =>
        await db
            .AuthorizationRequests.Where(request => request.Id == id && request.AnsweredAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(request => request.ApprovedScope, scope), ct) > 0;

    public async Task<bool> TryAnswerAsync(string id, DateTimeOffset now, Allowed? allowed, CancellationToken ct)
    {
        var (answered, written) = await db.InTransactionAsync(() => AnswerAsync(id, now, allowed, ct), ct);
        act.Written = written;
        return answered;
    }

    private async Task<(bool Answered, AuditEvent? Written)> AnswerAsync(
        string id,
        DateTimeOffset now,
        Allowed? allowed,
        CancellationToken ct
    )
    {
        // A password that is changed meanwhile revokes the grant, or keeps it from being made.
        if (allowed is not null)
            await db.TakeTurnAsync(allowed.Grant.Subject, ct);
        var (scope, salt) = (allowed?.Grant.Scope, allowed?.CodeSalt);
        var open = db.AuthorizationRequests.Where(request => request.Id == id && request.AnsweredAt == null);
        if (allowed is { Grant.Subject: var subject, Stamp: var stamp })
            open = open.Where(_ => db.Users.Any(user => user.Id == subject && user.DisabledAt == null && user.SecurityStamp == stamp));
        var answered = await open.ExecuteUpdateAsync(
            set =>
                set.SetProperty(request => request.AnsweredAt, now)
                    .SetProperty(request => request.ApprovedScope, scope)
                    .SetProperty(request => request.CodeSalt, salt),
            ct
        );
        if (answered == 0 || allowed is not { Grant: var grant })
            return (answered > 0, null);

        db.Add(grant);
        db.Add(allowed.Code);
        if (allowed.Remembered is { } consent)
            await RememberAsync(consent, ct);
        await db.SaveChangesAsync(ct);
        (act.ClientId, act.Subject, act.Scope) = (grant.ClientId, grant.Subject, grant.Scope);
        return (true, await db.RecordAsync(act, ct));
    }

    // Replaces what the user allowed the client before.
    private async Task RememberAsync(Consent consent, CancellationToken ct)
    {
        var replaced = await db
            .Consents.Where(known => known.Subject == consent.Subject && known.ClientId == consent.ClientId)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(known => known.Scope, consent.Scope)
                        .SetProperty(known => known.ClientDigest, consent.ClientDigest)
                        .SetProperty(known => known.GivenAt, consent.GivenAt)
                        .SetProperty(known => known.ExpiresAt, consent.ExpiresAt),
                ct
            );
        if (replaced == 0)
            db.Add(consent);
    }
}
