namespace OAuthMcp.Domain.Protocol;

/// <summary>An answer that may be a refusal.</summary>
internal interface IOutcome
{
    /// <summary>The refusal, or null when the request was served.</summary>
    OAuthError? Error { get; }
}
