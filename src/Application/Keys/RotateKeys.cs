using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Keys;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Keys;

/// <summary>Adds the next signing key. It is published at once and signs when every cache of the key set has it.</summary>
internal sealed record RotateKeysCommand : IRequest<Result<KeyTimes>>, IAdministration
{
    string? IAdministration.Target => null;
}

internal sealed class RotateKeysHandler(ISigningKeys keys, OAuthSettings settings, TimeProvider time)
    : IRequestHandler<RotateKeysCommand, Result<KeyTimes>>
{
    public async Task<Result<KeyTimes>> Handle(RotateKeysCommand command, CancellationToken ct) =>
        await keys.AddAsync(settings.SigningAlgorithm, time.GetUtcNow() + KeySchedule.Announcement, ct);
}
