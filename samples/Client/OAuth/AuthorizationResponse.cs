using System.Web;

namespace OAuthMcp.Client.OAuth;

/// <summary>What the browser was sent back with (RFC 6749 §4.1.2, RFC 9207 §2).</summary>
internal sealed record AuthorizationResponse(
    string? Code,
    string? State,
    string? Iss,
    string? Error = null,
    string? ErrorDescription = null
)
{
    /// <summary>A person copied the code off a page, without the rest.</summary>
    public bool IsBareCode { get; private init; }

    /// <summary>Null when a parameter is there twice (RFC 6749 §3.1).</summary>
    public static AuthorizationResponse? OfQuery(string query)
    {
        var parameters = HttpUtility.ParseQueryString(query);
        if (parameters.AllKeys.Any(name => parameters.GetValues(name) is { Length: > 1 }))
            return null;
        return new AuthorizationResponse(
            parameters["code"],
            parameters["state"],
            parameters["iss"],
            parameters["error"],
            parameters["error_description"]
        );
    }

    /// <summary>The URL in the browser's address bar, or the code alone.</summary>
    public static AuthorizationResponse? OfPaste(string pasted)
    {
        var text = pasted.Trim();
        return text.IndexOf('?') is >= 0 and var at
            ? OfQuery(text[at..].Split('#')[0])
            : new AuthorizationResponse(text, null, null) { IsBareCode = true };
    }
}
