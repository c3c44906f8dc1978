namespace OAuthMcp.Application.Accounts;

/// <summary>What a new password ended, besides every session of the account.</summary>
/// <param name="GrantsEnded">How many of its grants were not revoked before.</param>
/// <param name="PasskeysKept">How many can still sign in without the password.</param>
internal sealed record ReplacedPassword(SignedInAccount Account, int GrantsEnded, int PasskeysRemoved, int PasskeysKept);
