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

    public Task<bool> TryAddAsync(AuthorizationRequest request, int limit, CancellationToken ct)
    {
        var row = request with { State = request.State is { } state ? stateProtector.Protect(state) : null };
        return db.WriteAsync(unit => unit.TryInsertAsync(row, limit), ct);
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

    public Task<bool> TryAnswerAsync(string id, DateTimeOffset now, (Grant Grant, AuthorizationCode Code)? allowed, CancellationToken ct) =>
        db.WriteAsync(
            async unit =>
            {
                var answered = await unit.ExecuteAsync(
                    $"""UPDATE "AuthorizationRequests" SET "AnsweredAt" = {now} WHERE "Id" = {id} AND "AnsweredAt" IS NULL"""
                );
                if (answered > 0 && allowed is var (grant, code))
                {
                    await unit.InsertAsync(grant);
                    await unit.InsertAsync(code);
                }

                return answered > 0;
            },
            ct
        );
}
