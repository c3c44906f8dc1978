namespace OAuthMcp.Infrastructure.Downstream;

/// <summary>Where the API behind the tools is, and through which proxy.</summary>
internal sealed record DownstreamApi(Uri BaseAddress, Uri? Proxy)
{
    /// <summary>What relative addresses stand in.</summary>
    public Uri Folder { get; } = new(BaseAddress.AbsoluteUri.TrimEnd('/') + "/");
}
