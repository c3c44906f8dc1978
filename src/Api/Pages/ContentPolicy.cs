namespace OAuthMcp.Api.Pages;

/// <summary>The Content-Security-Policy of an endpoint that is no page, in place of that of the pages.</summary>
internal sealed record ContentPolicy(string Value)
{
    /// <summary>An SVG that is opened by itself is a document: it may have colours, but runs nothing and loads nothing.</summary>
    public static readonly ContentPolicy OfSvg = new("default-src 'none'; style-src 'unsafe-inline'; sandbox");
}
