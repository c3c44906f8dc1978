namespace OAuthMcp.Application.Protocol;

/// <summary>What is good for one use. Two kinds may use the same id.</summary>
internal enum UsedKind
{
    /// <summary>A client assertion (RFC 7523 §3). Clients choose its id, so what is stored holds the id of the client too.</summary>
    Assertion,

    /// <summary>A session that was ended before its time.</summary>
    Session,

    /// <summary>The state of a passkey ceremony.</summary>
    Passkey,
}
