namespace OAuthMcp.Application.Tools;

/// <summary>
/// The caller of the tool that runs now. Over HTTP it is the bearer of the request, over stdio whoever set
/// <c>API_KEY</c>. Implementations hold no state of their own: handlers and sessions outlive requests.
/// </summary>
public interface ITokenContext
{
    /// <summary>Null when there is no token: only over stdio, without <c>API_KEY</c>.</summary>
    Caller? Caller { get; }
}
