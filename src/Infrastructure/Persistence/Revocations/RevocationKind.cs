namespace OAuthMcp.Infrastructure.Persistence.Revocations;

/// <summary>What ended. Every token of it has to be looked at again.</summary>
public enum RevocationKind
{
    Grant,
    User,
    Client,
    Token,

    /// <summary>All tokens of all.</summary>
    Everything,
}
