using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>A recovery code that has not been used.</summary>
internal sealed record StoredRecoveryCode(string Subject, TokenHash Hash);
