using OAuthMcp.Domain.Accounts;

namespace OAuthMcp.Application.Accounts;

/// <param name="Proposed">A key that the app has yet to prove; null when there is none.</param>
/// <param name="HasPassword">Whether the account has a password here, and does not sign in at a provider alone.</param>
internal sealed record SecondFactor(bool IsOn, AuthenticatorKey? Proposed, int RecoveryCodesLeft, bool HasPassword = true);
