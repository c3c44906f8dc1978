using FluentValidation;
using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Keys;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Keys;

/// <summary>
/// Withdraws a key whose private half may be known to somebody; each server refuses its tokens within a second. If it was the
/// key that signs, a new one signs at once, without having been announced.
/// </summary>
internal sealed record RevokeKeyCommand(string? KeyId) : IRequest<Result<RevokedKey>>, IAdministration
{
    string? IAdministration.Target => KeyId;
}

/// <param name="Next">The key that was made in its place; null when another signs.</param>
internal sealed record RevokedKey(KeyTimes? Next);

internal sealed class RevokeKeyValidator : AbstractValidator<RevokeKeyCommand>
{
    public RevokeKeyValidator() => RuleFor(command => command.KeyId).NotEmpty().WithMessage("The key's id is missing.");
}

internal sealed class RevokeKeyHandler(ISigningKeys keys, OAuthSettings settings, TimeProvider time)
    : IRequestHandler<RevokeKeyCommand, Result<RevokedKey>>
{
    public async Task<Result<RevokedKey>> Handle(RevokeKeyCommand command, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var schedule = new KeySchedule(await keys.ListAsync(ct), settings.AccessTokenLifetime);
        if (schedule.Keys.FirstOrDefault(key => key.KeyId == command.KeyId && !key.IsWithdrawn) is not { } key)
            return NoSuchKey;
        var isSigning = schedule.FindSigning(key.Algorithm, now) == key;
        // A server with another algorithm makes its own new key when it next looks.
        var next = isSigning && key.Algorithm == settings.SigningAlgorithm ? await keys.AddAsync(key.Algorithm, now, ct) : null;
        var isDone = key.ActiveFrom > now ? await keys.TryDeleteAsync(key.KeyId, ct) : await keys.TryWithdrawAsync(key.KeyId, ct);
        return isDone ? new RevokedKey(next) : NoSuchKey;
    }

    private static OAuthError NoSuchKey => OAuthError.InvalidRequest("There is no key of that id in use.");
}
