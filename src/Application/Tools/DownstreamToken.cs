using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tools;

/// <summary>A token, or one sentence that says why there is none.</summary>
/// <param name="LinkUrl">The page where the user can mend that; null when no page can.</param>
public sealed record DownstreamToken(Secret? Value, string? Failure = null, string? LinkUrl = null);
