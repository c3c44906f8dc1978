namespace OAuthMcp.Application.Settings;

/// <param name="AllowedHosts">The only hosts of such documents; empty for any public one.</param>
/// <param name="AllowLoopback">Whether they may be on this machine, for development.</param>
internal sealed record MetadataDocumentPolicy(IReadOnlyCollection<string> AllowedHosts, bool AllowLoopback);
