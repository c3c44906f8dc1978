using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>The second factor of accounts: a key shared with an authenticator app, and codes for the day that the app is lost.</summary>
public interface ISecondFactors
{
    Task<SecondFactor> FindAsync(string subject, CancellationToken ct);

    /// <summary>Puts a key there that the app has yet to prove; without effect on a factor that is on.</summary>
    Task ProposeAsync(string subject, AuthenticatorKey key, CancellationToken ct);

    /// <summary>From now on a code is asked for. False when there is no proposed key.</summary>
    /// <param name="step">Of the code that proved the key; it is spent.</param>
    Task<bool> TryTurnOnAsync(string subject, long step, IReadOnlyList<TokenHash> recoveryCodes, CancellationToken ct);

    Task TurnOffAsync(string subject, CancellationToken ct);

    /// <summary>Spends a code of the app or a recovery code. Wrong ones count towards the account's lockout.</summary>
    Task<SignInOutcome> CheckCodeAsync(string subject, Secret code, SignInSource from, CancellationToken ct);
}
