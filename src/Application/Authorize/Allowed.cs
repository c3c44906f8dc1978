using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Application.Authorize;

/// <summary>What is written when a user has allowed a request, all at once.</summary>
/// <param name="CodeSalt">What the code was derived with.</param>
/// <param name="Stamp">The stamp that the account has to have still: with a new password or without the account nothing is allowed.</param>
/// <param name="Remembered">What the user need not be asked again; null for nothing.</param>
public sealed record Allowed(Grant Grant, AuthorizationCode Code, string CodeSalt, string? Stamp, Consent? Remembered);
