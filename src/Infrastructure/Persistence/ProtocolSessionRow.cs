using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>A session of an MCP client.</summary>
/// <param name="Id">Hashed, since with it and a token of its user anybody speaks in it.</param>
/// <param name="Opening">What its client said of itself.</param>
internal sealed record ProtocolSessionRow(TokenHash Id, string Subject, string Opening, DateTimeOffset ExpiresAt);
