using System.Net;
using System.Text.RegularExpressions;

namespace OAuthMcp.Client.OAuth;

/// <summary>What the MCP server asks for when it refuses a request: its Bearer challenge (RFC 6750 §3, RFC 9728 §5.1).</summary>
internal sealed partial record Challenge(string? ResourceMetadata, string? Scope, string? Error, string? ErrorDescription)
{
    public bool IsInsufficientScope => Error == "insufficient_scope";

    [GeneratedRegex("""(?<name>[A-Za-z0-9_-]+)\s*=\s*("(?<value>([^"\\]|\\.)*)"|(?<value>[^\s,"]+))""")]
    private static partial Regex Parameter { get; }

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex QuotedPair { get; }

    /// <summary>Null when a token would not help: neither a 401, nor a 403 for want of scope.</summary>
    public static Challenge? Of(HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
            return null;
        var bearer = response.Headers.WwwAuthenticate.FirstOrDefault(challenge =>
            challenge.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
        );
        var parameters = Parameter
            .Matches(bearer?.Parameter ?? "")
            .ToLookup(
                match => match.Groups["name"].Value,
                match => QuotedPair.Replace(match.Groups["value"].Value, "$1"),
                StringComparer.OrdinalIgnoreCase
            );
        string? Value(string name) => parameters[name].FirstOrDefault();
        var challenge = new Challenge(Value("resource_metadata"), Value("scope"), Value("error"), Value("error_description"));
        return response.StatusCode == HttpStatusCode.Unauthorized || challenge.IsInsufficientScope ? challenge : null;
    }
}
