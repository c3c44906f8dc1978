using OAuthMcp.Domain.Clients;

namespace OAuthMcp.Application.Clients;

public sealed record MetadataDocument(ClientMetadata Metadata, TimeSpan FreshFor);
