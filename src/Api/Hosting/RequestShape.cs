using System.Text;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Net.Http.Headers;

namespace OAuthMcp.Api.Hosting;

internal static class RequestShape
{
    /// <summary>
    /// Refuses what the framework would meet with an exception: a body in a charset that is none or is not read any more, and
    /// a page asked for by another method than a browser's. A charset that is only spelt oddly is spelt as the framework likes it.
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

    // A quoted value is the same value (RFC 9110 §8.3.2), and utf8 is what many write for the one name that is registered.
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
