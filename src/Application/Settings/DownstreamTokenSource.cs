namespace OAuthMcp.Application.Settings;

/// <summary>What the tools prove themselves with at the API behind.</summary>
public enum DownstreamTokenSource
{
    /// <summary>The caller's own token.</summary>
    Received,

    /// <summary>A short-lived token minted for that API alone.</summary>
    Exchanged,

    /// <summary>The user's token at an upstream provider.</summary>
    Upstream,
}
