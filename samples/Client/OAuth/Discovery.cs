namespace OAuthMcp.Client.OAuth;

/// <summary>Finds the MCP server's authorization server, beginning with its URL alone.</summary>
internal sealed class Discovery(HttpClient http, Uri server)
{
    /// <summary>RFC 9728 §3: at the URL in the challenge, or at the well-known ones.</summary>
    public async Task<ResourceMetadata> FindResourceAsync(Challenge challenge, CancellationToken ct)
    {
        Uri[] places = challenge.ResourceMetadata is { } announced
            ? [RemoteUrl.Check(announced, "resource_metadata", server)]
            :
            [
                .. new[]
                {
                    WellKnown(server, "oauth-protected-resource", server.AbsolutePath),
                    WellKnown(server, "oauth-protected-resource", ""),
                }.Distinct(),
            ];
        foreach (var place in places)
        {
            if (await http.FindDocumentAsync<ResourceMetadata>(place, ct) is not { } metadata)
                continue;
            if (!IsMine(metadata.Resource))
                throw new OAuthException( // RFC 9728 §3.3
                    $"{place} describes another server: {metadata.Resource}"
                        + (IsSpeltOtherwise(metadata.Resource) ? ", which is this one by another name: use that URL." : "")
                );
            if (metadata.AuthorizationServers is [])
                throw new OAuthException($"{place} names no authorization server.");
            return metadata;
        }

        throw new OAuthException(
            $"{server} does not say who signs its users in: "
                + $"there is no protected resource metadata at {string.Join(" or ", places.AsEnumerable())}."
        );
    }

    /// <summary>RFC 8414 §3.1, then OpenID Connect Discovery with the path inserted and appended.</summary>
    public async Task<ServerMetadata> FindServerAsync(string issuer, CancellationToken ct)
    {
        var url = RemoteUrl.Check(issuer, "authorization_servers", server);
        Uri[] places =
        [
            WellKnown(url, "oauth-authorization-server", url.AbsolutePath),
            WellKnown(url, "openid-configuration", url.AbsolutePath),
            .. Appended(url),
        ];
        foreach (var place in places)
        {
            if (await http.FindDocumentAsync<ServerMetadata>(place, ct) is not { } metadata)
                continue;
            if (metadata.Issuer != issuer)
                throw new OAuthException($"{place} belongs to another issuer: {metadata.Issuer}"); // RFC 8414 §3.3, as strings
            return metadata;
        }

        throw new OAuthException($"The authorization server {issuer} has no metadata.");
    }

    private static Uri WellKnown(Uri url, string name, string path) =>
        new($"{url.GetLeftPart(UriPartial.Authority)}/.well-known/{name}{path.TrimEnd('/')}");

    private static Uri[] Appended(Uri url) =>
        url.AbsolutePath == "/" ? [] : [new($"{url.GetLeftPart(UriPartial.Path).TrimEnd('/')}/.well-known/openid-configuration")];

    // This machine has several names, and an address is called by the letters that its server uses.
    private bool IsSpeltOtherwise(string? resource) =>
        Uri.TryCreate(resource, UriKind.Absolute, out var url)
        && RemoteUrl.IsSafe(url, server)
        && (url.Host == server.Host || (url.IsLoopback && server.IsLoopback))
        && url.Port == server.Port
        && string.Equals(url.AbsolutePath.TrimEnd('/'), server.AbsolutePath.TrimEnd('/'), StringComparison.OrdinalIgnoreCase);

    // The server's own URL, or one above it: whoever publishes for a whole origin may speak for what is below.
    private bool IsMine(string? resource) =>
        Uri.TryCreate(resource, UriKind.Absolute, out var url)
        && url.GetLeftPart(UriPartial.Authority) == server.GetLeftPart(UriPartial.Authority)
        && (url.Query.Length == 0 || url.Query == server.Query)
        && $"{server.AbsolutePath.TrimEnd('/')}/".StartsWith($"{url.AbsolutePath.TrimEnd('/')}/", StringComparison.Ordinal);
}
