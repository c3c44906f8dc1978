namespace OAuthMcp.Application.Settings;

/// <summary>Which token the tools send to the API behind this server.</summary>
internal enum DownstreamTokenSource
{
    /// <summary>The caller's own token.</summary>
    Received,

    /// <summary>A short-lived token minted for that API alone.</summary>
    Exchanged,

    /// <summary>The user's token at an upstream provider.</summary>
    Upstream,
}
