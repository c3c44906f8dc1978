namespace OAuthMcp.Application.Tokens;

/// <summary>What is known of a token's signature.</summary>
internal enum SignatureState
{
    Good,

    /// <summary>Its key is known, and did not sign it.</summary>
    Wrong,

    /// <summary>None of the keys at hand has its name.</summary>
    UnknownKey,

    /// <summary>The authorization server is asked about each token instead, or its keys cannot be read.</summary>
    NotChecked,
}
