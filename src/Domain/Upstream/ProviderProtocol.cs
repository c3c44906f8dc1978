namespace OAuthMcp.Domain.Upstream;

/// <summary>What a provider speaks: OpenID Connect, or the OAuth and API of GitHub, which has no ID token.</summary>
public enum ProviderProtocol
{
    OpenIdConnect,
    GitHub,
}
