using System.Text.Json;
using OAuthMcp.Api.Configuration;

namespace OAuthMcp.Api.Doctor;

/// <summary>The documents in the order in which clients look for them: RFC 9728, RFC 8414, OpenID Connect, keys.</summary>
internal static class DiscoveryChecks
{
    public const string ResourceMetadata = "/.well-known/oauth-protected-resource/mcp";

    private const string RootMetadata = "/.well-known/oauth-protected-resource";

    private static readonly string[] Needed = ["authorization_endpoint", "token_endpoint"];

    public static IReadOnlyList<Check> All { get; } =
    [
        new("resource metadata", ResourceMetadataAsync),
        new("root metadata", RootMetadataAsync),
        new("resource", Of(visit => visit.Resource, Resource)),
        new("authorization server", Of(visit => visit.Resource, AuthorizationServer)),
        new("server metadata", ServerMetadataAsync),
        new("openid metadata", OpenIdMetadataAsync),
        new("issuer", Of(visit => visit.Server, Issuer)),
        new("endpoints", Of(visit => visit.Server, Endpoints)),
        new("keys", KeysAsync),
    ];

    /// <summary>A check of a document that was read.</summary>
    public static Func<Visit, CancellationToken, Task<Finding>> Of(
        Func<Visit, JsonElement?> document,
        Func<Visit, JsonElement, Finding> look
    ) => (visit, _) => Task.FromResult(document(visit) is { } read ? look(visit, read) : Finding.Skip("There is no metadata to look at."));

    private static async Task<Finding> ResourceMetadataAsync(Visit visit, CancellationToken ct)
    {
        (visit.Resource, var fault) = await visit.ReadAsync(ResourceMetadata, ct);
        return fault ?? Finding.Ok($"At {ResourceMetadata}, where the path comes last (RFC 9728).");
    }

    private static async Task<Finding> RootMetadataAsync(Visit visit, CancellationToken ct)
    {
        var (document, fault) = await visit.ReadAsync(RootMetadata, ct);
        return fault
            ?? (
                visit.Resource is { } resource && !JsonElement.DeepEquals(resource, document!.Value)
                    ? Finding.Fault($"{RootMetadata} says something else.", "Let the proxy send both paths to the same server.")
                    : Finding.Ok($"At {RootMetadata} too.")
            );
    }

    // RFC 9728 §3.3: a client must not use metadata of another resource.
    private static Finding Resource(Visit visit, JsonElement document) =>
        document.Text("resource") is var named && named == visit.Url + "/mcp"
            ? Finding.Ok($"It calls itself {named}.")
            : Finding.Fault(
                $"It calls itself {named ?? "nothing"}, and is asked at {visit.Url}/mcp.",
                $"Set OAuth:PublicUrl to {visit.Url}, or give clients the address that it calls itself."
            );

    private static Finding AuthorizationServer(Visit visit, JsonElement document) =>
        document.Strings("authorization_servers") is not [var issuer, ..]
            ? Finding.Fault("It names no authorization server.", "Let the proxy pass the document on as it is.")
        : issuer.EndsWith('/') && visit.IsIssuerHere
            ? Finding.Fault($"{issuer} ends in a slash, which clients compare.", "Let the proxy pass the document on as it is.")
        : visit.IsIssuerHere ? Finding.Ok("This server signs people in.")
        : Finding.Ok($"{issuer} signs people in.");

    private static async Task<Finding> ServerMetadataAsync(Visit visit, CancellationToken ct)
    {
        Finding? first = null;
        foreach (var place in Places(visit).Take(visit.IsIssuerHere ? 1 : 3))
        {
            (visit.Server, var fault) = await visit.ReadAsync(place, ct);
            if (fault is null)
                return Finding.Ok($"At {new Uri(visit.Address, place).AbsolutePath} (RFC 8414).");
            first ??= fault;
        }

        return first!;
    }

    private static async Task<Finding> OpenIdMetadataAsync(Visit visit, CancellationToken ct)
    {
        if (!visit.IsIssuerHere)
            return Finding.Skip("The authorization server is elsewhere.");
        var (document, fault) = await visit.ReadAsync("/.well-known/openid-configuration", ct);
        return fault
            ?? (
                visit.Server is { } server && !JsonElement.DeepEquals(server, document!.Value)
                    ? Finding.Fault("openid-configuration says something else.", "Let the proxy send both paths to the same server.")
                    : Finding.Ok("The same document as openid-configuration.")
            );
    }

    // RFC 8414 §3.3
    private static Finding Issuer(Visit visit, JsonElement document) =>
        document.Text("issuer") is var named && named == visit.Issuer && (named == visit.Url || !visit.IsIssuerHere)
            ? Finding.Ok($"{named}, byte for byte.")
            : Finding.Fault(
                $"The issuer is {named ?? "missing"}; clients expect {(visit.IsIssuerHere ? visit.Url : visit.Issuer)}, byte for byte.",
                visit.IsIssuerHere
                    ? $"Set OAuth:PublicUrl to {visit.Url}, and let the proxy pass the document on as it is."
                    : "Set Authority:Issuer as that server spells itself."
            );

    private static Finding Endpoints(Visit visit, JsonElement document)
    {
        var endpoints = document
            .EnumerateObject()
            .Where(member => member.Name.EndsWith("_endpoint", StringComparison.Ordinal) || member.Name == "jwks_uri")
            .ToList();
        var foreign = endpoints.Where(member => !IsUsable(visit, member.Value.ToString())).Select(member => member.Name).ToList();
        return foreign.Count > 0
                ? Finding.Fault(
                    $"{string.Join(", ", foreign)} is not where clients reach this server, or not https.",
                    $"Set OAuth:PublicUrl to {visit.Url}, and let the proxy pass the document on as it is."
                )
            : Needed.All(name => document.Text(name) is not null) ? Finding.Ok($"{endpoints.Count} endpoints, all at this server.")
            : Finding.Fault("authorization_endpoint or token_endpoint is missing.", "Let the proxy pass the document on as it is.");
    }

    private static bool IsUsable(Visit visit, string endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out var uri)
        && (uri.Scheme == "https" || ConfiguredDownstream.IsLoopback(uri))
        && (!visit.IsIssuerHere || endpoint.StartsWith(visit.Url + "/", StringComparison.Ordinal));

    private static async Task<Finding> KeysAsync(Visit visit, CancellationToken ct)
    {
        if (visit.Server?.Text("jwks_uri") is not { } place)
            return Finding.Skip("The metadata names no keys.");
        var (document, fault) = await visit.ReadAsync(place, ct);
        if (fault is not null)
            return fault;
        var count =
            document!.Value.TryGetProperty("keys", out var keys) && keys.ValueKind == JsonValueKind.Array ? keys.GetArrayLength() : 0;
        return count == 0 ? Finding.Fault("The key set is empty.", "Look at `keys list`, and `keys rotate` makes a key.")
            : keys.EnumerateArray().Any(key => key.Text("kid") is null || key.Text("kty") is null)
                ? Finding.Fault("A key has no kid or kty.", "Let the proxy pass the key set on as it is.")
            : Finding.Ok($"{count} to verify with.");
    }

    // RFC 8414 §3.1 and MCP authorization, "Authorization Server Metadata Discovery"
    private static string[] Places(Visit visit)
    {
        if (visit.IsIssuerHere || !Uri.TryCreate(visit.Issuer, UriKind.Absolute, out var issuer))
            return ["/.well-known/oauth-authorization-server"];
        var (origin, path) = (issuer.GetLeftPart(UriPartial.Authority), issuer.AbsolutePath.TrimEnd('/'));
        return
        [
            $"{origin}/.well-known/oauth-authorization-server{path}",
            $"{origin}/.well-known/openid-configuration{path}",
            $"{origin}{path}/.well-known/openid-configuration",
        ];
    }
}
