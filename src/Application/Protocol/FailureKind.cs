namespace OAuthMcp.Application.Protocol;

/// <summary>What was guessed at.</summary>
internal enum FailureKind
{
    /// <summary>A password, of whatever account.</summary>
    Password,

    /// <summary>The secret of a client, whichever.</summary>
    Client,
}
