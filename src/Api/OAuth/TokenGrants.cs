using MediatR;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.OAuth;

/// <summary>
/// How the form of each grant type becomes its use case. A new grant type is one entry here and one in <see cref="GrantTypes"/>,
/// where metadata, limits and configuration find it.
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
