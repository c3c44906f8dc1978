using OAuthMcp.Domain.Keys;

namespace OAuthMcp.Application.Keys;

/// <summary>
/// The stored signing keys. A running server takes a new key up within half a minute, and the end of one within a second.
/// </summary>
internal interface ISigningKeys
{
    Task<IReadOnlyList<KeyTimes>> ListAsync(CancellationToken ct);

    /// <summary>Makes a key that signs from <paramref name="activeFrom"/> on.</summary>
    Task<KeyTimes> AddAsync(string algorithm, DateTimeOffset activeFrom, CancellationToken ct);

    /// <summary>Destroys the private key; its row stays, since it says when the keys before it end.</summary>
    /// <returns>False when no key of that name is in use.</returns>
    Task<bool> TryWithdrawAsync(string keyId, CancellationToken ct);

    /// <summary>Deletes a key that has never signed.</summary>
    Task<bool> TryDeleteAsync(string keyId, CancellationToken ct);
}
