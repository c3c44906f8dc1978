namespace OAuthMcp.Infrastructure.Persistence.Revocations;

/// <summary>What ended.</summary>
internal enum RevocationKind
{
    Grant,
    User,
    Client,
    Token,

    /// <summary>All tokens of all.</summary>
    Everything,

    /// <summary>A signing key, and with it what it signed. The keys are read again, and tokens are verified with those.</summary>
    Key,

    /// <summary>A session of an MCP revision that has them, by the hash of its id. Tokens have nothing to do with it.</summary>
    Session,
}
