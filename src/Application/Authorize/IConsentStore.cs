using OAuthMcp.Domain.Authorize;

namespace OAuthMcp.Application.Authorize;

/// <summary>What users have allowed, one row for a user and a client.</summary>
internal interface IConsentStore
{
    Task<Consent?> FindAsync(string subject, string clientId, CancellationToken ct);
}
