namespace OAuthMcp.Client.OAuth;

/// <summary>Why there is no token, in one sentence for the person at the terminal.</summary>
/// <param name="error">The code that the authorization server answered with, if it was that (RFC 6749 §5.2).</param>
internal sealed class OAuthException(string message, string? error = null) : Exception(message)
{
    public string? Error { get; } = error;
}
