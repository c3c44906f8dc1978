using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>The token that this request was let in with.</summary>
internal sealed record BearerToken(Secret Token, CheckedAccessToken Checked);
