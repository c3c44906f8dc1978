namespace OAuthMcp.Domain.Upstream;

/// <summary>Who a provider says has signed in there.</summary>
/// <param name="Subject">The id that the provider never reuses. Together with the name of the provider it is the identity.</param>
/// <param name="UserName">What people call the account; it may change hands.</param>
/// <param name="VerifiedEmails">E-mail addresses that the provider has verified; others count for nothing.</param>
/// <param name="Groups">Organisations, groups and teams (<c>org/team</c>), where rules ask for them.</param>
internal sealed record UpstreamUser(string Subject, string UserName, IReadOnlyList<string> VerifiedEmails, IReadOnlyList<string> Groups);
