namespace OAuthMcp.Api.Configuration;

/// <summary>The keys of <c>Downstream</c>: the API behind the tools.</summary>
internal sealed record DownstreamOptions
{
    public string? BaseAddress { get; init; }
    public string? Proxy { get; init; }
    public string Token { get; init; } = "Received";
    public string? Audience { get; init; }
    public string? Provider { get; init; }
}
