using MediatR;
using OAuthMcp.Application.Keys;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Keys;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>
/// Ends what was ever allowed, and every key. For a database that was put back from a backup: what was revoked after that backup is
/// live in it again, and nothing tells it from the rest.
/// </summary>
public sealed record EndAllCommand : IRequest<Result<EndedAll>>;

/// <param name="Grants">How many were live.</param>
/// <param name="Next">The key that signs from now on.</param>
public sealed record EndedAll(int Grants, KeyTimes Next);

internal sealed class EndAllHandler(IAccountAdministration accounts, ISigningKeys keys, OAuthSettings settings, TimeProvider time)
    : IRequestHandler<EndAllCommand, Result<EndedAll>>
{
    public async Task<Result<EndedAll>> Handle(EndAllCommand command, CancellationToken ct)
    {
        var former = await keys.ListAsync(ct);
        var next = await keys.AddAsync(settings.SigningAlgorithm, time.GetUtcNow(), ct);
        foreach (var key in former)
            await keys.TryWithdrawAsync(key.KeyId, ct);
        return new EndedAll(await accounts.EndAllAsync(ct), next);
    }
}
