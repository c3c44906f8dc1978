using System.Text;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Authorize;

/// <summary>
/// What goes back to the client with the browser: a code or an error, then <c>state</c> and exactly one <c>iss</c>
/// (RFC 6749 §4.1.2 and §4.1.2.1, RFC 9207 §2).
/// </summary>
/// <param name="State">Form-urlencoded, as the client sent it.</param>
/// <param name="Code">Null for an error.</param>
/// <param name="Error">Null for a code.</param>
internal sealed record AuthorizationResponse(string RedirectUri, string? State, string Issuer, Secret? Code, OAuthError? Error)
{
    /// <summary>The redirect_uri with the response in its query. It holds the code, so it must not reach a log.</summary>
    public string Location()
    {
        var location = new StringBuilder(RedirectUri);
        var separator = RedirectUri.Contains('?') ? '&' : '?';
        void Append(string name, string? value, bool isEncoded = false)
        {
            if (value is null)
                return;
            location.Append(separator).Append(name).Append('=').Append(isEncoded ? value : Uri.EscapeDataString(value));
            separator = '&';
        }

        Append("code", Code?.Reveal());
        Append("error", Error?.Code);
        Append("error_description", Error?.Description);
        Append("state", State, isEncoded: true);
        Append("iss", Issuer);
        return location.ToString();
    }

    /// <summary>Whether the browser stays where it is, since another program takes the address (RFC 8252 §7.1).</summary>
    public bool OpensApplication => !RedirectUri.StartsWith("http", StringComparison.OrdinalIgnoreCase);
}
