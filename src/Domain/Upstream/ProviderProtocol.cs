namespace OAuthMcp.Domain.Upstream;

/// <summary>What a provider speaks: OpenID Connect, or the OAuth and API of GitHub, which has no ID token.</summary>
internal enum ProviderProtocol
{
    OpenIdConnect,
    GitHub,
}
