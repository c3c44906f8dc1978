using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Authorize;

internal sealed record Connection(string ClientId, ScopeSet Scope, DateTimeOffset ConnectedAt, DateTimeOffset? LastUsedAt);
