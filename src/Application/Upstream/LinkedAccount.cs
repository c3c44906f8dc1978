namespace OAuthMcp.Application.Upstream;

/// <param name="Provider">The provider's name.</param>
/// <param name="UserName">What the account is called there.</param>
/// <param name="HasToken">Whether tools can use it; otherwise it has to be linked anew.</param>
internal sealed record LinkedAccount(string Provider, string UserName, bool HasToken);
