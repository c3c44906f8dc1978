using OAuthMcp.Application.Accounts;

namespace OAuthMcp.Application.Upstream;

/// <param name="NeedsCode">Whether the account has a second factor here, which a sign-in elsewhere does not replace.</param>
internal sealed record UpstreamAccount(SignedInAccount Account, bool NeedsCode);
