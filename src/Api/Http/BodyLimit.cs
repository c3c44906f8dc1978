using Microsoft.AspNetCore.Http.Metadata;

namespace OAuthMcp.Api.Http;

/// <summary>Largest body of an endpoint, in bytes; 0 for no limit.</summary>
internal sealed class BodyLimit(long bytes) : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => bytes == 0 ? null : bytes;
}
