namespace OAuthMcp.Api.Configuration;

/// <summary>The keys of <c>Upstream</c>: one provider in the section itself, more of them as its <c>Providers</c>.</summary>
internal sealed record UpstreamOptions : UpstreamProviderOptions
{
    public UpstreamProviderOptions[] Providers { get; init; } = [];
}
