using System.Text.Json;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Clients;

/// <summary>
/// Client metadata off the wire, from a registration or a metadata document (RFC 7591 §2). A member of the wrong type
/// is refused, an empty one is an omitted one, an unknown one is ignored.
/// </summary>
internal static class ClientMetadataReader
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    public static Result<ClientMetadata> Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement) : NotAnObject;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException) // the latter: not valid Unicode
        {
            return NotAnObject;
        }
        catch (WrongTypeException failure)
        {
            return failure.Member == "redirect_uris"
                ? OAuthError.InvalidRedirectUri("redirect_uris must be a list of strings.")
                : OAuthError.InvalidClientMetadata($"{failure.Member} has the wrong type.");
        }
    }

    private static OAuthError NotAnObject =>
        OAuthError.InvalidClientMetadata("The metadata must be one JSON object without repeated members.");

    // RFC 7591 §3.1.1: a software statement counts only when it is verified, and none can be verified here.
    private static Result<ClientMetadata> Read(JsonElement metadata) =>
        Text(metadata, "software_statement") is not null
            ? OAuthError.InvalidSoftwareStatement()
            : new ClientMetadata
            {
                ClientId = Text(metadata, "client_id"),
                RedirectUris = Strings(metadata, "redirect_uris"),
                GrantTypes = Strings(metadata, "grant_types"),
                ResponseTypes = Strings(metadata, "response_types"),
                TokenEndpointAuthMethod = Text(metadata, "token_endpoint_auth_method"),
                TokenEndpointAuthMethodsSupported = Strings(metadata, "token_endpoint_auth_methods_supported"),
                TokenEndpointAuthSigningAlg = Text(metadata, "token_endpoint_auth_signing_alg"),
                ClientName = Text(metadata, "client_name"),
                ClientUri = Text(metadata, "client_uri"),
                LogoUri = Text(metadata, "logo_uri"),
                TosUri = Text(metadata, "tos_uri"),
                PolicyUri = Text(metadata, "policy_uri"),
                JwksUri = Text(metadata, "jwks_uri"),
                Jwks = KeySet(metadata),
                ApplicationType = Text(metadata, "application_type"),
                Scope = Text(metadata, "scope"),
                BringsSecret = Text(metadata, "client_secret") is not null,
            };

    private static string? Text(JsonElement metadata, string member) =>
        !metadata.TryGetProperty(member, out var value)
            ? null
            : value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : null,
                _ => throw new WrongTypeException(member),
            };

    private static string[]? Strings(JsonElement metadata, string member) =>
        !metadata.TryGetProperty(member, out var value)
            ? null
            : value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.Array when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
                [
                    .. value.EnumerateArray().Select(item => item.GetString()!),
                ],
                _ => throw new WrongTypeException(member),
            };

    private static string? KeySet(JsonElement metadata) =>
        !metadata.TryGetProperty("jwks", out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.Object && value.TryGetProperty("keys", out var keys) && keys.ValueKind == JsonValueKind.Array
            ? keys.GetArrayLength() > 0 ? value.GetRawText()
                : null
        : throw new WrongTypeException("jwks");

    private sealed class WrongTypeException(string member) : Exception
    {
        public string Member { get; } = member;
    }
}
