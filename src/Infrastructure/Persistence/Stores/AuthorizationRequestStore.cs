using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

/// <summary>Keeps <c>state</c> sealed: it is the client's secret, and the table is not the place to read it.</summary>
internal sealed class AuthorizationRequestStore(OAuthDbContext db, IDataProtectionProvider protection) : IAuthorizationRequestStore
{
    private readonly IDataProtector stateProtector = protection.CreateProtector("AuthorizationRequest.State");

    public async Task<bool> TryAddAsync(AuthorizationRequest request, int limit, CancellationToken ct)
    {
        if (limit > 0 && await db.AuthorizationRequests.CountAsync(ct) >= limit)
            return false;
        db.AuthorizationRequests.Add(request with { State = request.State is { } state ? stateProtector.Protect(state) : null });
        await db.SaveChangesAsync(ct);
        return true;
    }

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

    public async Task<bool> TryAnswerAsync(
        string id,
        DateTimeOffset now,
        (Grant Grant, AuthorizationCode Code)? allowed,
        CancellationToken ct
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var answered = await db
            .AuthorizationRequests.Where(request => request.Id == id && request.AnsweredAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(request => request.AnsweredAt, now), ct);
        if (answered == 0)
            return false;

        if (allowed is var (grant, code))
        {
            db.Add(grant);
            db.Add(code);
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return true;
    }
}
