namespace OAuthMcp.Domain.Clients;

/// <summary>Values of <c>token_endpoint_auth_method</c> (RFC 7591 §2).</summary>
internal static class AuthMethods
{
    public const string None = "none";
    public const string ClientSecretBasic = "client_secret_basic";
    public const string ClientSecretPost = "client_secret_post";
    public const string PrivateKeyJwt = "private_key_jwt";

    /// <summary>What a registration may ask for, and metadata advertises.</summary>
    public static readonly IReadOnlyList<string> Supported = [None, ClientSecretBasic, ClientSecretPost, PrivateKeyJwt];

    /// <summary>Those of a client that can keep a secret.</summary>
    public static readonly IReadOnlyList<string> Confidential = [ClientSecretBasic, ClientSecretPost, PrivateKeyJwt];

    /// <summary>Signature algorithms of a client assertion: asymmetric ones only (RFC 8725 §3.1).</summary>
    public static readonly IReadOnlyList<string> AssertionAlgorithms = ["ES256", "RS256", "PS256"];
}
