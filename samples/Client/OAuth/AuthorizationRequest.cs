using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OAuthMcp.Client.OAuth;

/// <summary>
/// One question to the user's browser, and the check of its answer: state, issuer and proof key live here from the
/// question to the answer and nowhere else (RFC 6749 §4.1.1, RFC 7636 §4, RFC 8707 §2, RFC 9207 §2.4).
/// </summary>
internal sealed class AuthorizationRequest(ServerMetadata server, string clientId, string redirectUri, string resource, string? scope)
{
    private readonly string state = Random();

    public string RedirectUri => redirectUri;

    public string Verifier { get; } = Random();

    public Uri Url(Uri mcpServer)
    {
        if (server.CodeChallengeMethodsSupported?.Contains("S256") != true)
            throw new OAuthException($"{server.Issuer} does not support PKCE with S256, without which a code could be stolen.");
        var endpoint = RemoteUrl.Check(server.AuthorizationEndpoint, "authorization_endpoint", mcpServer);
        Dictionary<string, string?> parameters = new()
        {
            ["response_type"] = "code",
            ["client_id"] = clientId,
            ["redirect_uri"] = redirectUri,
            ["scope"] = scope,
            ["state"] = state,
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))),
            ["code_challenge_method"] = "S256",
            ["resource"] = resource,
        };
        var query = string.Join(
            '&',
            parameters
                .Where(parameter => parameter.Value is not null)
                .Select(parameter => $"{parameter.Key}={Uri.EscapeDataString(parameter.Value!)}")
        );
        return new Uri($"{endpoint.AbsoluteUri}{(endpoint.Query.Length == 0 ? "?" : "&")}{query}");
    }

    /// <summary>Whether this request was asked for: anybody can call the port that waits for answers.</summary>
    public bool IsAnsweredBy(AuthorizationResponse answer) =>
        answer.State is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(answer.State), Encoding.UTF8.GetBytes(state));

    /// <returns>The code.</returns>
    /// <exception cref="OAuthException">The answer is somebody else's, or a refusal; a refusal is believed only when its issuer is
    /// right.</exception>
    public string Accept(AuthorizationResponse answer)
    {
        if (!answer.IsBareCode && !IsAnsweredBy(answer))
            throw new OAuthException("The answer does not belong to this sign-in: its state is another.");
        if (answer.Iss is null ? server.AuthorizationResponseIssParameterSupported : answer.Iss != server.Issuer)
            throw new OAuthException(
                $"The answer does not come from {server.Issuer}: its iss is {(answer.Iss is null ? "missing" : "another")}."
            );
        if (answer.Error is not null)
            throw new OAuthException($"{server.Issuer} answered {answer.Error} {answer.ErrorDescription}".TrimEnd(), answer.Error);
        return answer.Code ?? throw new OAuthException("The answer has neither code nor error.");
    }

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
