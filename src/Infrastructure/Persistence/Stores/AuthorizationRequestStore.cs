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
    private static readonly HotQuery<AuthorizationRequest> ById = new("\"Id\" = @p0");

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
        await ById.FirstAsync(db, [id], ct) is { } found
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
        var (answered, written) = await db.WriteAsync(
            unit => allowed is null ? DenyAsync(unit, id, now) : AllowAsync(unit, id, now, allowed),
            ct
        );
        act.Written = written;
        return answered;
    }

    private static async Task<(bool Answered, AuditEvent? Written)> DenyAsync(WriteUnit unit, string id, DateTimeOffset now)
    {
        var answered = await unit.ExecuteAsync(
            $"""
            UPDATE "AuthorizationRequests" SET "AnsweredAt" = {now}, "ApprovedScope" = NULL, "CodeSalt" = NULL
            WHERE "Id" = {id} AND "AnsweredAt" IS NULL
            """
        );
        return (answered > 0, null);
    }

    private async Task<(bool Answered, AuditEvent? Written)> AllowAsync(WriteUnit unit, string id, DateTimeOffset now, Allowed allowed)
    {
        // A password that is changed meanwhile revokes the grant, or keeps it from being made.
        var (grant, stamp) = (allowed.Grant, allowed.Stamp);
        await unit.TakeTurnAsync(grant.Subject);
        var answered = await unit.ExecuteAsync(
            $"""
            UPDATE "AuthorizationRequests" SET "AnsweredAt" = {now}, "ApprovedScope" = {grant.Scope}, "CodeSalt" = {allowed.CodeSalt}
            WHERE "Id" = {id} AND "AnsweredAt" IS NULL AND EXISTS (
                SELECT 1 FROM "AspNetUsers" AS "user"
                WHERE "user"."Id" = {grant.Subject} AND "user"."DisabledAt" IS NULL AND "user"."SecurityStamp" = {stamp}
            )
            """
        );
        if (answered == 0)
            return (false, null);

        await unit.InsertAsync(grant);
        await unit.InsertAsync(allowed.Code);
        if (allowed.Remembered is { } consent)
            await RememberAsync(unit, consent);
        (act.ClientId, act.Subject, act.Scope) = (grant.ClientId, grant.Subject, grant.Scope);
        return (true, await unit.RecordAsync(act));
    }

    // Replaces what the user allowed the client before.
    private static async Task RememberAsync(WriteUnit unit, Consent consent)
    {
        var replaced = await unit.ExecuteAsync(
            $"""
            UPDATE "Consents" SET "Scope" = {consent.Scope}, "ClientDigest" = {consent.ClientDigest},
                "GivenAt" = {consent.GivenAt}, "ExpiresAt" = {consent.ExpiresAt}
            WHERE "Subject" = {consent.Subject} AND "ClientId" = {consent.ClientId}
            """
        );
        if (replaced == 0)
            await unit.InsertAsync(consent);
    }
}
