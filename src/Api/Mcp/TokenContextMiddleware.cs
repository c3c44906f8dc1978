using OAuthMcp.Application.Tools;

namespace OAuthMcp.Api.Mcp;

/// <summary>Puts the bearer of this request where <see cref="HttpTokenContext"/> finds it, and nowhere that outlives the request.</summary>
internal sealed class TokenContextMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (http.Features.Get<BearerToken>() is var (token, (claims, userName)))
            http.Features.Set(
                new Caller(token)
                {
                    Subject = claims.Subject,
                    UserName = userName,
                    ClientId = claims.ClientId,
                    Issuer = claims.Issuer,
                    Audience = claims.Audience,
                    Scope = claims.Scope,
                    ExpiresAt = claims.ExpiresAt,
                }
            );
        return next(http);
    }
}
