namespace OAuthMcp.Infrastructure.Operations;

/// <param name="Place">Where it is, for an operator.</param>
/// <param name="IsNew">Whether nothing was there before.</param>
internal sealed record PreparedDatabase(string Place, bool IsNew);
