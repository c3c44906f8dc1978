using Microsoft.AspNetCore.Cors.Infrastructure;

namespace OAuthMcp.Api.Http;

/// <summary>
/// Which web pages may read answers: any page those of endpoints without cookies, the allowed origins those of /mcp, and none those
/// of pages.
/// </summary>
internal static class Cors
{
    public const string Public = "public";
    public const string Mcp = "mcp";

    public static void Configure(this CorsOptions cors, IReadOnlyCollection<string> allowedOrigins)
    {
        cors.AddPolicy(Public, policy =>
            policy
                .AllowAnyOrigin()
                .WithMethods("GET", "POST")
                .WithHeaders("Authorization", "Content-Type", "Accept", "MCP-Protocol-Version")
        );
        cors.AddPolicy(Mcp, policy =>
            policy
                .WithOrigins([.. allowedOrigins])
                .WithMethods("GET", "POST", "DELETE")
                .WithHeaders(
                    "Authorization",
                    "Content-Type",
                    "Accept",
                    "MCP-Protocol-Version",
                    "Mcp-Method",
                    "Mcp-Name",
                    "Mcp-Session-Id",
                    "Last-Event-ID",
                    "DPoP"
                )
                .WithExposedHeaders("WWW-Authenticate", "Retry-After", "Mcp-Session-Id")
        );
    }
}
