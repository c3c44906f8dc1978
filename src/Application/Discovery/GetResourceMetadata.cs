using MediatR;
using OAuthMcp.Application.Settings;

namespace OAuthMcp.Application.Discovery;

internal sealed record GetResourceMetadataQuery : IRequest<ResourceMetadata>;

/// <summary>Protected resource metadata (RFC 9728 §2).</summary>
internal sealed record ResourceMetadata(
    string Resource,
    IReadOnlyList<string> AuthorizationServers,
    IReadOnlyCollection<string> ScopesSupported,
    IReadOnlyList<string> BearerMethodsSupported,
    string ResourceName,
    string ResourceDocumentation,
    string? ResourcePolicyUri,
    string? ResourceTosUri
);

internal sealed class GetResourceMetadataHandler(OAuthSettings settings) : IRequestHandler<GetResourceMetadataQuery, ResourceMetadata>
{
    public Task<ResourceMetadata> Handle(GetResourceMetadataQuery query, CancellationToken ct) =>
        Task.FromResult(
            new ResourceMetadata(
                settings.Resource.Canonical,
                [settings.Authority?.Issuer ?? settings.Issuer],
                settings.Authority?.Spell(settings.SupportedScopes) ?? settings.SupportedScopes,
                ["header"],
                settings.Brand.Name,
                settings.Issuer + "/",
                settings.Brand.PrivacyUri,
                settings.Brand.TermsUri
            )
        );
}
