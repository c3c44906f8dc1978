using OAuthMcp.Application.Protocol;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>Something that was good for one use and had it.</summary>
internal sealed record UsedOnceRow(UsedKind Kind, string Id, DateTimeOffset ExpiresAt);
