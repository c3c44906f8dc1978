using OAuthMcp.Domain.Accounts;

namespace OAuthMcp.Application.Accounts;

/// <param name="Proposed">A key that the app has yet to prove; null when there is none.</param>
/// <param name="HasPassword">Whether the first factor is here too, and not at a provider.</param>
public sealed record SecondFactor(bool IsOn, AuthenticatorKey? Proposed, int RecoveryCodesLeft, bool HasPassword = true);
