using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <param name="Credential">What the authenticator answered, as JSON.</param>
public sealed record PasskeyAnswer(Secret Credential, Secret State);
