using OAuthMcp.Client.Terminal;

namespace OAuthMcp.Client.OAuth;

/// <summary>Ends the sign-ins of one server: revokes their tokens (RFC 7009) and forgets them.</summary>
internal sealed class SignOut(ClientOptions options, HttpClient http, TokenStore store, Narrator narrator)
{
    /// <returns>False when a token could not be revoked; it is forgotten all the same.</returns>
    public async Task<bool> RunAsync(CancellationToken ct)
    {
        var (signIns, isRevoked) = (store.OfServer().ToList(), true);
        foreach (var signIn in signIns)
        {
            isRevoked &= await TryRevokeAsync(signIn, ct);
            store.Delete(signIn);
        }

        narrator.Done(signIns.Count == 0 ? $"There was no sign-in at {options.Server}" : $"Signed out of {options.Server}");
        return isRevoked;
    }

    private async Task<bool> TryRevokeAsync(SignIn signIn, CancellationToken ct)
    {
        try
        {
            var server = await new Discovery(http, options.Server).FindServerAsync(signIn.Issuer, ct);
            var endpoint = new TokenEndpoint(http, server, new Registration(options, http).Given(server) ?? signIn.Client, options);
            if (signIn.Tokens?.RefreshToken is { } refresh)
                await endpoint.RevokeAsync(refresh, "refresh_token", ct);
            if (signIn.Tokens is not null)
                await endpoint.RevokeAsync(signIn.Tokens.AccessToken, "access_token", ct);
            return true;
        }
        catch (Exception failure)
            when (failure is OAuthException or HttpRequestException or TaskCanceledException { InnerException: TimeoutException })
        {
            narrator.Warn($"Could not revoke the tokens of {signIn.Issuer}, which live until they expire: {failure.Message}");
            return false;
        }
    }
}
