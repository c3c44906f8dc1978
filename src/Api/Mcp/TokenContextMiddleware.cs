using OAuthMcp.Application.Tools;

namespace OAuthMcp.Api.Mcp;

/// <summary>Puts the bearer of this request where <see cref="HttpTokenContext"/> finds it, and nowhere that outlives the request.</summary>
internal sealed class TokenContextMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (http.Features.Get<BearerToken>() is var (token, (claims, userName)))
            http.Features.Set(new Caller(token)
            {
                Subject = claims.Subject,
                UserName = userName,
                ClientId = claims.ClientId,
                Issuer = claims.Issuer,
                Audience = claims.Audience,
                Scope = claims.Scope,
                ExpiresAt = claims.ExpiresAt,
            });
        return next(http);
    }
}

/// <summary>
/// The caller of the request that is being served. A stateless singleton on purpose: sessions and HTTP handlers live
/// in scopes of their own, where a scoped context would be empty or somebody else's.
/// </summary>
internal sealed class HttpTokenContext(IHttpContextAccessor accessor) : ITokenContext
{
    public Caller? Caller => accessor.HttpContext?.Features.Get<Caller>();
}
