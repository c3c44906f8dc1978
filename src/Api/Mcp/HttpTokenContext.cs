using OAuthMcp.Application.Tools;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// The caller of the request that is being served. A stateless singleton on purpose: sessions and HTTP handlers live
/// in scopes of their own, where a scoped context would be empty or somebody else's.
/// </summary>
internal sealed class HttpTokenContext(IHttpContextAccessor accessor) : ITokenContext
{
    public Caller? Caller => accessor.HttpContext?.Features.Get<Caller>();
}
