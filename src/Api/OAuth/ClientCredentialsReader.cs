using System.Net;
using System.Text;
using Microsoft.Extensions.Primitives;
using OAuthMcp.Api.Http;
using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.OAuth;

/// <summary>Finds how a request presents its client. Exactly one way is allowed (RFC 6749 §2.3).</summary>
internal static class ClientCredentialsReader
{
    private const string Scheme = "Basic ";
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>How the request presents its client, whose id is added to the log line of the request.</summary>
    public static ClientCredentials Read(HttpRequest request, OAuthForm form)
    {
        var client = Read(request.Headers.Authorization, form);
        request.HttpContext.Items[RequestLog.ClientId] = LogSafe(client.ClientId);
        return client;
    }

    private static ClientCredentials Read(StringValues authorization, OAuthForm form)
    {
        var isBasic = authorization.ToString().StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
        var secret = form.Secret("client_secret");
        var hasAssertion = form["client_assertion"] is not null || form["client_assertion_type"] is not null;
        if ((isBasic ? 1 : 0) + (secret is null ? 0 : 1) + (hasAssertion ? 1 : 0) > 1)
            return Malformed(form["client_id"], OAuthError.InvalidRequest("The client authenticates in more than one way."));

        if (isBasic)
            return ReadBasic(authorization.ToString()[Scheme.Length..], form["client_id"]);
        if (!hasAssertion)
            return new ClientCredentials(form["client_id"], secret, secret is null ? AuthMethods.None : AuthMethods.ClientSecretPost);
        // RFC 7521 §4.2
        return form["client_assertion_type"] == AssertionType && form.Secret("client_assertion") is { } assertion
            ? new ClientCredentials(form["client_id"], null, AuthMethods.PrivateKeyJwt, assertion)
            : Malformed(form["client_id"], OAuthError.InvalidClient("client_assertion missing or of another type"));
    }

    // RFC 6749 §2.3.1: both parts are form-urlencoded before they are joined.
    private static ClientCredentials ReadBasic(string encoded, string? clientIdInBody)
    {
        var buffer = new byte[encoded.Length];
        if (
            !Convert.TryFromBase64String(encoded.Trim(), buffer, out var length)
            || Encoding.UTF8.GetString(buffer, 0, length).Split(':', 2) is not [var encodedId, var encodedSecret]
        )
            return Malformed(null, OAuthError.InvalidClient("unreadable Basic header"));

        var clientId = WebUtility.UrlDecode(encodedId);
        if (clientIdInBody is not null && clientIdInBody != clientId)
            return Malformed(clientId, OAuthError.InvalidRequest("client_id differs from the one that authenticates."));
        return new ClientCredentials(clientId, Secret.OrNull(WebUtility.UrlDecode(encodedSecret)), AuthMethods.ClientSecretBasic);
    }

    private static ClientCredentials Malformed(string? clientId, OAuthError error) =>
        new(clientId, null, AuthMethods.None, Malformed: error);

    // Only what looks like a client_id, since anything else may be a secret in the wrong field.
    private static string? LogSafe(string? clientId) =>
        clientId is { Length: <= 64 }
        && clientId.StartsWith("cli_", StringComparison.Ordinal)
        && clientId.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
            ? clientId
            : null;
}
