using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;
using OAuthMcp.Api.Http;

namespace OAuthMcp.Api.Pages;

/// <summary>The files that pages load. They come from the assembly, so that the server runs from any folder.</summary>
internal static class Assets
{
    public static void MapAssets(this IEndpointRouteBuilder routes)
    {
        Map(routes, "site.css", "text/css");
        Map(routes, "passkeys.js", "text/javascript");
        Map(routes, "copy.js", "text/javascript");
        Map(routes, "icon.svg", "image/svg+xml");
    }

    private static void Map(IEndpointRouteBuilder routes, string name, string contentType)
    {
        using var resource = typeof(Assets).Assembly.GetManifestResourceStream(name)!;
        using var buffer = new MemoryStream();
        resource.CopyTo(buffer);
        var (content, tag) = (
            buffer.ToArray(),
            new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(buffer.ToArray()))[..16]}\"")
        );
        routes
            .MapGet("/" + name, (HttpContext http) =>
            {
                http.Response.Headers.CacheControl = "public, max-age=3600";
                return Results.Bytes(content, contentType, entityTag: tag);
            })
            .WithMetadata(new Quiet(), new NeedsNoDatabaseAttribute());
    }
}
