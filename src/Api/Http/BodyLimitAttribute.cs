using Microsoft.AspNetCore.Http.Metadata;

namespace OAuthMcp.Api.Http;

/// <summary>Largest body of an endpoint, in bytes; 0 for no limit. Routing applies it before anything is read.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class BodyLimitAttribute(long bytes) : Attribute, IRequestSizeLimitMetadata
{
    /// <summary>For the pages that take a passkey's answer, which may hold certificates.</summary>
    public const long OfPasskeys = 64 * 1024;

    public long? MaxRequestBodySize => bytes == 0 ? null : bytes;
}
