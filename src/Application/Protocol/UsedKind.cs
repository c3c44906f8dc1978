namespace OAuthMcp.Application.Protocol;

/// <summary>What is good for one use. Ids are told apart within a kind alone.</summary>
public enum UsedKind
{
    /// <summary>A client assertion (RFC 7523 §3); its id is its client's, and holds both.</summary>
    Assertion,

    /// <summary>A session that was ended before its time.</summary>
    Session,

    /// <summary>The state of a passkey ceremony.</summary>
    Passkey,
}
