using MediatR;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Keys;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Keys;

/// <summary>Every signing key with the times of its life, the newest first.</summary>
internal sealed record ListKeysQuery : IRequest<Result<ListedKeys>>;

internal sealed record ListedKeys(IReadOnlyList<ListedKey> Keys);

internal sealed class ListKeysHandler(ISigningKeys keys, OAuthSettings settings) : IRequestHandler<ListKeysQuery, Result<ListedKeys>>
{
    public async Task<Result<ListedKeys>> Handle(ListKeysQuery query, CancellationToken ct)
    {
        var schedule = new KeySchedule(await keys.ListAsync(ct), settings.AccessTokenLifetime);
        return new ListedKeys([
            .. schedule.Keys.Select(key => new ListedKey(
                key.KeyId,
                key.Algorithm,
                key.ActiveFrom,
                key.IsWithdrawn ? null : schedule.EndOf(key),
                key.IsWithdrawn
            )),
        ]);
    }
}
