using MediatR;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Clients;

namespace OAuthMcp.Application.Discovery;

/// <summary>What the server says of itself. Advertises exactly what works; owns no endpoint.</summary>
internal sealed record GetServerMetadataQuery : IRequest<ServerMetadata>;

/// <summary>Authorization server metadata (RFC 8414 §2) and the parts of OpenID Connect Discovery that clients insist on.</summary>
internal sealed record ServerMetadata
{
    public required string Issuer { get; init; }
    public required string AuthorizationEndpoint { get; init; }
    public required string TokenEndpoint { get; init; }
    public string? RegistrationEndpoint { get; init; }
    public required string RevocationEndpoint { get; init; }
    public required string IntrospectionEndpoint { get; init; }
    public required string JwksUri { get; init; }
    public required IReadOnlyCollection<string> ScopesSupported { get; init; }
    public IReadOnlyList<string> ResponseTypesSupported { get; } = ["code"];
    public IReadOnlyList<string> ResponseModesSupported { get; } = ["query"];
    public IReadOnlyList<string> GrantTypesSupported { get; } = GrantTypes.All;
    public IReadOnlyList<string> TokenEndpointAuthMethodsSupported { get; } = AuthMethods.Supported;
    public IReadOnlyList<string> TokenEndpointAuthSigningAlgValuesSupported { get; } = AuthMethods.AssertionAlgorithms;
    public IReadOnlyList<string> RevocationEndpointAuthMethodsSupported { get; } = AuthMethods.Supported;
    public IReadOnlyList<string> RevocationEndpointAuthSigningAlgValuesSupported { get; } = AuthMethods.AssertionAlgorithms;
    public IReadOnlyList<string> IntrospectionEndpointAuthMethodsSupported { get; } = AuthMethods.Confidential;
    public IReadOnlyList<string> IntrospectionEndpointAuthSigningAlgValuesSupported { get; } = AuthMethods.AssertionAlgorithms;
    public IReadOnlyList<string> CodeChallengeMethodsSupported { get; } = ["S256"];
    public IReadOnlyList<string> PromptValuesSupported { get; } = ["none", "login", "consent"];
    public required IReadOnlyList<string> UiLocalesSupported { get; init; }
    public string? OpPolicyUri { get; init; }
    public string? OpTosUri { get; init; }
    public bool AuthorizationResponseIssParameterSupported { get; } = true;
    public bool RequestParameterSupported { get; }
    public bool RequestUriParameterSupported { get; } // OpenID Connect Discovery §3 takes it for true where it is not said
    public required bool ClientIdMetadataDocumentSupported { get; init; }
    public IReadOnlyList<string> SubjectTypesSupported { get; } = ["public"];
    public required IReadOnlyList<string> IdTokenSigningAlgValuesSupported { get; init; }
}

internal sealed class GetServerMetadataHandler(OAuthSettings settings) : IRequestHandler<GetServerMetadataQuery, ServerMetadata>
{
    public Task<ServerMetadata> Handle(GetServerMetadataQuery query, CancellationToken ct) =>
        Task.FromResult(
            new ServerMetadata
            {
                Issuer = settings.Issuer,
                AuthorizationEndpoint = settings.Issuer + "/authorize",
                TokenEndpoint = settings.Issuer + "/token",
                RegistrationEndpoint = settings.RegistrationEnabled ? settings.Issuer + "/register" : null,
                RevocationEndpoint = settings.Issuer + "/revoke",
                IntrospectionEndpoint = settings.Issuer + "/introspect",
                ClientIdMetadataDocumentSupported = settings.MetadataDocuments is not null,
                JwksUri = settings.Issuer + "/.well-known/jwks.json",
                ScopesSupported = settings.SupportedScopes,
                UiLocalesSupported = settings.Languages,
                OpPolicyUri = settings.Brand.PrivacyUri,
                OpTosUri = settings.Brand.TermsUri,
                IdTokenSigningAlgValuesSupported = [settings.SigningAlgorithm],
            }
        );
}
