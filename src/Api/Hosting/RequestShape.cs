using System.Text;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Net.Http.Headers;

namespace OAuthMcp.Api.Hosting;

internal static class RequestShape
{
    /// <summary>
    /// Refuses requests at which the framework would throw: a body in an unknown or retired charset, and a page asked for with a
    /// method that no browser uses. An odd spelling of a known charset is corrected.
    /// </summary>
    public static IApplicationBuilder UseRequestShape(this IApplicationBuilder app) =>
        app.Use(next =>
            http =>
            {
                if (MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) && type.Charset.HasValue)
                {
                    type.Charset = NameOf(HeaderUtilities.RemoveQuotes(type.Charset).ToString())
                        ?? throw new BadHttpRequestException("unreadable charset", StatusCodes.Status415UnsupportedMediaType);
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

    // A quoted value is the same value (RFC 9110 §8.3.2), and many write utf8 for the registered name utf-8.
    private static string? NameOf(string charset)
    {
        if (charset.Equals("utf8", StringComparison.OrdinalIgnoreCase))
            return Encoding.UTF8.WebName;
        try
        {
            return Encoding.GetEncoding(charset).WebName;
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException) // the latter: UTF-7
        {
            return null;
        }
    }
}
