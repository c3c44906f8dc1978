using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>The second factor of accounts: a key shared with an authenticator app, and recovery codes for when the app is lost.</summary>
internal interface ISecondFactors
{
    Task<SecondFactor> FindAsync(string subject, CancellationToken ct);

    /// <summary>Stores a key that the app has yet to prove. Without effect while the factor is on.</summary>
    Task ProposeAsync(string subject, AuthenticatorKey key, CancellationToken ct);

    /// <summary>Asks for a code from now on. False when there is no proposed key.</summary>
    /// <param name="step">Of the code that proved the key, which is spent with that.</param>
    Task<bool> TryTurnOnAsync(string subject, long step, IReadOnlyList<TokenHash> recoveryCodes, CancellationToken ct);

    Task TurnOffAsync(string subject, CancellationToken ct);

    /// <summary>Spends a code of the app or a recovery code. Wrong ones count towards the lockout of the account.</summary>
    Task<SignInOutcome> CheckCodeAsync(string subject, Secret code, SignInSource from, CancellationToken ct);
}
