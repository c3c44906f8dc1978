using Microsoft.AspNetCore.Http.Metadata;

namespace OAuthMcp.Api.Http;

/// <summary>The largest body of an endpoint, in bytes; 0 for no limit. Routing applies it before anything is read.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class BodyLimitAttribute(long bytes) : Attribute, IRequestSizeLimitMetadata
{
    /// <summary>For pages that take the answer of a passkey, which may hold certificates.</summary>
    public const long OfPasskeys = 64 * 1024;

    public long? MaxRequestBodySize => bytes == 0 ? null : bytes;
}
