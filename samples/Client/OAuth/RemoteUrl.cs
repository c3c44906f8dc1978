using System.Diagnostics.CodeAnalysis;

namespace OAuthMcp.Client.OAuth;

/// <summary>
/// URLs that servers send, and which this program calls or opens: https, or http on this machine when the MCP server runs here too.
/// </summary>
internal static class RemoteUrl
{
    /// <param name="name">The member or parameter it came in, for the refusal.</param>
    /// <param name="server">The MCP server as typed: only one on this machine may point to http on this machine.</param>
    /// <exception cref="OAuthException">It may be neither called nor opened.</exception>
    public static Uri Check([NotNull] string? url, string name, Uri server)
    {
        if (url is null)
            throw new OAuthException($"The server's metadata has no {name}.");
        if (Uri.TryCreate(url, UriKind.Absolute, out var parsed) && IsSafe(parsed, server))
            return parsed;
        throw new OAuthException($"{name} is not a URL that is safe to use: {url}");
    }

    public static bool IsSafe(Uri url, Uri server) => IsSafePage(url, server) && url.Fragment.Length == 0;

    /// <summary>The same for a page that a person looks at, which may have a fragment.</summary>
    public static bool IsSafePage(Uri url, Uri server) =>
        (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback && server.IsLoopback))
        && url.UserInfo.Length == 0;
}
