namespace OAuthMcp.Application.Tools;

/// <summary>The API behind the tools.</summary>
internal interface IHttpBin
{
    /// <summary>
    /// GET /anything with the token for it. A failure is an outcome with one sentence: what answered, and how often it was tried.
    /// </summary>
    Task<HttpBinAnswer> GetAnythingAsync(string message, CancellationToken ct);
}
