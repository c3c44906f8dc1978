using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>The one caller of a stdio server, who started it, with the token from <c>API_KEY</c>.</summary>
internal sealed class StdioTokenContext(Secret? apiKey, ScopeSet scope) : ITokenContext
{
    public const string EnvironmentVariable = "API_KEY";

    public Caller? Caller { get; } =
        apiKey is null
            ? null
            : new Caller(apiKey)
            {
                Subject = "local",
                UserName = Environment.UserName,
                Scope = scope,
            };
}
