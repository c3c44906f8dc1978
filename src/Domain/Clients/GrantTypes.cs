namespace OAuthMcp.Domain.Clients;

/// <summary>Grant types of RFC 6749 and RFC 7591 that this server knows.</summary>
internal static class GrantTypes
{
    public const string AuthorizationCode = "authorization_code";
    public const string RefreshToken = "refresh_token";
    public const string ClientCredentials = "client_credentials";

    /// <summary>What a client may ask for when it registers itself; client_credentials is an operator's to give.</summary>
    public static readonly IReadOnlyList<string> SelfService = [AuthorizationCode, RefreshToken];

    /// <summary>Every grant type: discovery names them, the token endpoint serves and counts each, an operator may give any.</summary>
    public static readonly IReadOnlyList<string> All = [.. SelfService, ClientCredentials];
}
