using OAuthMcp.Domain.Clients;

namespace OAuthMcp.Application.Clients;

internal sealed record MetadataDocument(ClientMetadata Metadata, TimeSpan FreshFor);
