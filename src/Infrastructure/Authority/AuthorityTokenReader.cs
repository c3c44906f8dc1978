using OAuthMcp.Application.Settings;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Remote;
using OAuthMcp.Infrastructure.Tokens;

namespace OAuthMcp.Infrastructure.Authority;

/// <summary>Reads tokens with the keys of the authority, unless that is asked about each token instead.</summary>
internal sealed class AuthorityTokenReader(ExternalAuthority authority, RemoteIssuer issuer) : ITokenReader
{
    public async Task<SignedToken?> ReadAsync(Secret token, CancellationToken ct)
    {
        try
        {
            return await SignedTokens.ReadAsync(token, authority.ClientId is null ? (await issuer.GetAsync(ct)).Keys : null);
        }
        catch (RemoteException)
        {
            return await SignedTokens.ReadAsync(token, null); // the check of the token says that the authority is out of reach
        }
    }
}
