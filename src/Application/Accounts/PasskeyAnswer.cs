using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <param name="Credential">What the authenticator answered, as JSON.</param>
internal sealed record PasskeyAnswer(Secret Credential, Secret State);
