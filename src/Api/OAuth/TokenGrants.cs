using MediatR;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.OAuth;

/// <summary>
/// What the token endpoint does for each grant type: a new one is one entry here, which says how the form becomes its
/// use case, and one in <see cref="GrantTypes"/>, from which metadata, limits and configuration know it.
/// </summary>
internal static class TokenGrants
{
    public static readonly IReadOnlyDictionary<string, Func<ClientCredentials, OAuthForm, IRequest<Result<TokenResponse>>>> ByType =
        new Dictionary<string, Func<ClientCredentials, OAuthForm, IRequest<Result<TokenResponse>>>>(StringComparer.Ordinal)
        {
            [GrantTypes.AuthorizationCode] = (client, form) =>
                new ExchangeCodeCommand(client, form.Secret("code"), form["redirect_uri"], form.Secret("code_verifier"), form.Resources),
            [GrantTypes.RefreshToken] = (client, form) =>
                new RefreshTokensCommand(client, form.Secret("refresh_token"), form["scope"], form.Resources),
            [GrantTypes.ClientCredentials] = (client, form) => new IssueClientTokenCommand(client, form["scope"], form.Resources),
        };
}
