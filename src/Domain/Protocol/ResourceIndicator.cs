namespace OAuthMcp.Domain.Protocol;

/// <summary>
/// The one resource that tokens are issued for, and how clients in the field spell it: scheme and host in any case, the default
/// port, a trailing slash, a query, or the public origin alone. The issued <c>aud</c> is always <see cref="Canonical"/> (RFC 8707
/// §2; MCP authorization, "Canonical Server URI").
/// </summary>
internal sealed class ResourceIndicator(string publicUrl)
{
    /// <summary>The path of the MCP endpoint below the public URL.</summary>
    public const string EndpointPath = "/mcp";

    private readonly (string Origin, string Path) server = Split(publicUrl)
        ?? throw new ArgumentException("The public URL must be absolute.", nameof(publicUrl));

    public string Canonical { get; } = publicUrl + EndpointPath;

    /// <summary>Why a value of <c>resource</c> names nothing that this server issues tokens for; null when each does.</summary>
    public OAuthError? Refuse(IEnumerable<string> resources)
    {
        foreach (var resource in resources)
        {
            if (resource.Contains('#'))
                return OAuthError.InvalidTarget("resource has a fragment");
            if (Split(resource) is not { } asked)
                return OAuthError.InvalidTarget("resource is not an absolute URI");
            if (asked.Origin != server.Origin)
                return OAuthError.InvalidTarget("resource is another origin");
            if (asked.Path is not "" && asked.Path != server.Path && asked.Path != server.Path + EndpointPath)
                return OAuthError.InvalidTarget("resource is another path");
        }

        return null;
    }

    private static (string Origin, string Path)? Split(string uri)
    {
        var schemeEnd = uri.IndexOf("://", StringComparison.Ordinal);
        if (schemeEnd <= 0)
            return null;
        var scheme = uri[..schemeEnd].ToLowerInvariant();
        var hierarchy = uri[(schemeEnd + 3)..].Split('?')[0];
        var pathStart = hierarchy.IndexOf('/', StringComparison.Ordinal);
        var authority = (pathStart < 0 ? hierarchy : hierarchy[..pathStart]).ToLowerInvariant();
        var defaultPort = scheme == "https" ? ":443" : ":80";
        if (authority.EndsWith(defaultPort, StringComparison.Ordinal))
            authority = authority[..^defaultPort.Length];
        var path = pathStart < 0 ? "" : hierarchy[pathStart..];
        return authority.Length == 0 ? null : ($"{scheme}://{authority}", path.EndsWith('/') ? path[..^1] : path);
    }
}
