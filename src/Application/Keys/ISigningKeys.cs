using OAuthMcp.Domain.Keys;

namespace OAuthMcp.Application.Keys;

/// <summary>The stored signing keys. A running server takes up what changes here at its next look, within half a minute.</summary>
public interface ISigningKeys
{
    Task<IReadOnlyList<KeyTimes>> ListAsync(CancellationToken ct);

    /// <summary>Makes a key that signs from <paramref name="activeFrom"/> on.</summary>
    Task<KeyTimes> AddAsync(string algorithm, DateTimeOffset activeFrom, CancellationToken ct);

    /// <summary>Destroys the private key. The row stays, because the keys before it end with it. False when there is no such key in use.</summary>
    Task<bool> TryWithdrawAsync(string keyId, CancellationToken ct);

    /// <summary>Takes out a key that has never signed, as if it had not been made.</summary>
    Task<bool> TryDeleteAsync(string keyId, CancellationToken ct);
}
