using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Application.Tokens;

/// <summary>The grant behind a code or a refresh token, as long as it counts, and its end when one of them was used twice.</summary>
internal sealed class LiveGrants(IGrantStore grants, CurrentAct act)
{
    public async Task<Result<Grant>> FindAsync(string grantId, DateTimeOffset now, CancellationToken ct)
    {
        if (await grants.FindAsync(grantId, ct) is not { } grant)
            return OAuthError.InvalidGrant("no such grant, or its user is disabled");
        (act.Subject, act.Scope) = (grant.Subject, grant.Scope);
        return grant.Refuse(now) is { } ended ? ended : grant;
    }

    /// <summary>Ends the grant, since somebody else may hold its tokens. The refusal is in the audit trail when it has ended.</summary>
    public async Task<OAuthError> RevokeReplayedAsync(string grantId, string detail, DateTimeOffset now, CancellationToken ct)
    {
        var refusal = act.Reuse(OAuthError.InvalidGrant(detail));
        await RevokeAsync(grantId, now, ct);
        return refusal;
    }

    /// <summary>Ends the grant, as its client asked.</summary>
    public async Task RevokeAsync(string grantId, DateTimeOffset now, CancellationToken ct)
    {
        act.Subject ??= (await grants.FindAsync(grantId, ct))?.Subject;
        await grants.RevokeAsync(grantId, now, ct);
    }
}
