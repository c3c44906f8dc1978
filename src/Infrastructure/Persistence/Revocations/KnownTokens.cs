using OAuthMcp.Application.Protocol;
using OAuthMcp.Application.Tokens;

namespace OAuthMcp.Infrastructure.Persistence.Revocations;

/// <summary>
/// Keeps what was read of a token beside its verified claims, and as long as those. The mark is taken before the rows are read, and
/// the list is asked at each call and knows every entry since the mark: a revocation that is committed before the read is seen by it,
/// and one that is committed later comes with a higher number, however the two cross.
/// </summary>
internal sealed class KnownTokens(RevocationList revocations) : IKnownTokens
{
    private const int Most = 10_000;

    private readonly RecentlyUsed<AccessTokenClaims, Known> known = new(Most, ReferenceEqualityComparer.Instance);

    public async Task<AccessTokenStatus> GetAsync(AccessTokenClaims token, Func<Task<AccessTokenStatus>> readAsync)
    {
        if (known.Find(token) is { } found && revocations.Covers(found.Mark, token))
            return found.Status;
        var mark = revocations.Mark();
        var status = await readAsync();
        known.Keep(token, new Known(status, mark));
        return status;
    }

    private sealed record Known(AccessTokenStatus Status, RevocationMark Mark);
}
