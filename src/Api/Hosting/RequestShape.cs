using System.Text;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Net.Http.Headers;

namespace OAuthMcp.Api.Hosting;

internal static class RequestShape
{
    /// <summary>
    /// Refuses what the framework would meet with an exception: a body in a charset that is none or is not read any more, and a page
    /// asked for by another method than a browser's.
    /// </summary>
    public static IApplicationBuilder UseRequestShape(this IApplicationBuilder app) =>
        app.Use(next =>
            http =>
            {
                if (MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) && type.Charset.HasValue)
                {
                    var charset = HeaderUtilities.RemoveQuotes(type.Charset).ToString();
                    if (charset.Equals("utf8", StringComparison.OrdinalIgnoreCase))
                        charset = "utf-8";
                    if (!IsReadable(charset))
                        throw new BadHttpRequestException("unreadable charset", StatusCodes.Status415UnsupportedMediaType);
                    type.Charset = charset; // a quoted value is the same value (RFC 9110 §8.3.2), which not every reader knows
                    http.Request.ContentType = type.ToString();
                }

                if (
                    http.GetEndpoint()?.Metadata.GetMetadata<PageActionDescriptor>() is null
                    || http.Request.Method is "GET" or "HEAD" or "POST"
                )
                    return next(http);
                http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
                http.Response.Headers.Allow = "GET, HEAD, POST";
                return Task.CompletedTask;
            }
        );

    private static bool IsReadable(string charset)
    {
        try
        {
            return Encoding.GetEncoding(charset) is not null;
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException) // the latter: UTF-7
        {
            return false;
        }
    }
}
