using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Keys;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Keys;

/// <summary>Withdraws every key, and with it every access token. A new one signs at once.</summary>
internal sealed record ReplaceKeysCommand : IRequest<Result<KeyTimes>>, IAdministration
{
    string? IAdministration.Target => null;
}

internal sealed class ReplaceKeysHandler(ISigningKeys keys, OAuthSettings settings, TimeProvider time)
    : IRequestHandler<ReplaceKeysCommand, Result<KeyTimes>>
{
    public async Task<Result<KeyTimes>> Handle(ReplaceKeysCommand command, CancellationToken ct)
    {
        var former = await keys.ListAsync(ct);
        var next = await keys.AddAsync(settings.SigningAlgorithm, time.GetUtcNow(), ct);
        foreach (var key in former)
            await keys.TryWithdrawAsync(key.KeyId, ct);
        return next;
    }
}
