using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Application.Authorize;

/// <summary>What is written when a user has allowed a request, all at once.</summary>
/// <param name="CodeSalt">What the code was derived with.</param>
/// <param name="Stamp">What the stamp of the account must still be. After a new password or without the account nothing is allowed.</param>
/// <param name="Remembered">The consent to remember, so that the user is not asked again; null for none.</param>
internal sealed record Allowed(Grant Grant, AuthorizationCode Code, string CodeSalt, string? Stamp, Consent? Remembered);
