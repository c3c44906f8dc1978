using OAuthMcp.Application.Protocol;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>How often a peer failed.</summary>
/// <param name="Minute">When it began.</param>
internal sealed record FailureCountRow(FailureKind Kind, string Peer, DateTimeOffset Minute, int Count);
