using System.Text.Json;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.OAuth;

/// <summary>Client metadata off the wire (RFC 7591 §2). A member of the wrong type is refused, an empty one is an omitted one, an unknown one is ignored.</summary>
internal static class ClientMetadataReader
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    public static async Task<Result<ClientMetadata>> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, Strict, ct);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement) : NotAnObject;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException) // the latter: text that is no Unicode
        {
            return NotAnObject;
        }
    }

    private static OAuthError NotAnObject => OAuthError.InvalidClientMetadata("The body must be one JSON object without repeated members.");

    private static Result<ClientMetadata> Read(JsonElement metadata)
    {
        try
        {
            return new ClientMetadata
            {
                RedirectUris = Strings(metadata, "redirect_uris"),
                GrantTypes = Strings(metadata, "grant_types"),
                ResponseTypes = Strings(metadata, "response_types"),
                TokenEndpointAuthMethod = Text(metadata, "token_endpoint_auth_method"),
                ClientName = Text(metadata, "client_name"),
                ClientUri = Text(metadata, "client_uri"),
                ApplicationType = Text(metadata, "application_type"),
                Scope = Text(metadata, "scope"),
            };
        }
        catch (WrongType failure)
        {
            return failure.Member == "redirect_uris" ? OAuthError.InvalidRedirectUri("not a list of strings") : OAuthError.InvalidClientMetadata($"{failure.Member} has the wrong type.");
        }
    }

    private static string? Text(JsonElement metadata, string member) => !metadata.TryGetProperty(member, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : null,
        _ => throw new WrongType(member),
    };

    private static string[]? Strings(JsonElement metadata, string member) => !metadata.TryGetProperty(member, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Array when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) => [.. value.EnumerateArray().Select(item => item.GetString()!)],
        _ => throw new WrongType(member),
    };

    private sealed class WrongType(string member) : Exception
    {
        public string Member { get; } = member;
    }
}
