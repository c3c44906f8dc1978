using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Http;

namespace OAuthMcp.Api.Pages;

/// <summary>
/// The files that pages load. They come from the assembly, so that the server runs from any folder; those of the operator were read at
/// the start.
/// </summary>
internal static class Assets
{
    public static void MapAssets(this IEndpointRouteBuilder routes, Look look)
    {
        routes.Map("/site.css", "text/css", [.. Read("site.css"), .. Encoding.UTF8.GetBytes(StyleOf(look))]);
        routes.Map("/passkeys.js", "text/javascript", Read("passkeys.js"));
        routes.Map("/copy.js", "text/javascript", Read("copy.js"));
        var icon = new ServedFile("/icon.svg", ServedFile.Svg, Read("icon.svg"));
        routes.Map(icon.Path, icon);
        // Where browsers look by themselves, whatever the type is.
        routes.Map("/favicon.svg", look.Logo ?? icon);
        routes.Map("/favicon.ico", look.Logo ?? new ServedFile("/favicon.ico", "image/x-icon", Read("favicon.ico")));
        foreach (var own in new[] { look.Logo, look.StyleSheet }.OfType<ServedFile>())
            routes.Map(own.Path, own);
    }

    private static string StyleOf(Look look) => look.AccentColor is { } color ? AccentStyle.Of(color) : "";

    private static byte[] Read(string name)
    {
        using var resource = typeof(Assets).Assembly.GetManifestResourceStream(name)!;
        using var buffer = new MemoryStream();
        resource.CopyTo(buffer);
        return buffer.ToArray();
    }

    private static void Map(this IEndpointRouteBuilder routes, string path, ServedFile file) =>
        routes.Map(path, file.ContentType, file.Content);

    private static void Map(this IEndpointRouteBuilder routes, string path, string contentType, byte[] content)
    {
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"");
        var route = routes
            .MapGet(path, (HttpContext http) =>
            {
                http.Response.Headers.CacheControl = "public, max-age=3600";
                return Results.Bytes(content, contentType, entityTag: tag);
            })
            .WithMetadata(new Quiet(), new NeedsNoDatabaseAttribute());
        if (contentType == ServedFile.Svg)
            route.WithMetadata(ContentPolicy.OfSvg);
    }
}
