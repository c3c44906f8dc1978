namespace OAuthMcp.Integration.Faults;

/// <summary>What a network does to a COMMIT.</summary>
public enum CommitFault
{
    None,

    /// <summary>It never arrives, and the connection breaks.</summary>
    Lost,

    /// <summary>It is done, and the connection breaks before the answer.</summary>
    AnswerLost,

    /// <summary>It does not arrive, and nothing is heard any more.</summary>
    Held,

    /// <summary>It is done, and nothing is heard any more.</summary>
    AnswerHeld,
}
