using System.Security.Cryptography;
using System.Text.Json;
using MediatR;
using Microsoft.Net.Http.Headers;
using OAuthMcp.Application.Discovery;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.OAuth;

/// <summary>The documents that clients find everything else with: RFC 9728, RFC 8414, OpenID Connect Discovery, JWKS. Public, cacheable, without redirects.</summary>
internal static class DiscoveryEndpoints
{
    private const string WellKnown = "/.well-known";

    private static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head]; // RFC 9110 §9.1: where there is the one, there is the other

    public static void MapResourceMetadata(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(WellKnown).RequireCors(Cors.Public);
        foreach (var path in new[] { "/oauth-protected-resource", "/oauth-protected-resource/mcp" })
            group.MapMethods(path, Read, async (IMediator mediator, CancellationToken ct) => Document(await mediator.Send(new GetResourceMetadataQuery(), ct)));
        // Clients look in many places, some of them from a web page, which is to learn that there is nothing and not that it may not look.
        group.MapMethods("/{**elsewhere}", Read, () => OAuthResults.Error(new OAuthError("not_found", "There is nothing here."), StatusCodes.Status404NotFound));
    }

    public static void MapServerMetadata(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(WellKnown).RequireCors(Cors.Public);
        foreach (var path in new[] { "/oauth-authorization-server", "/openid-configuration" })
            group.MapMethods(path, Read, async (IMediator mediator, CancellationToken ct) => Document(await mediator.Send(new GetServerMetadataQuery(), ct)));
        group.MapMethods("/jwks.json", Read, async (IMediator mediator, CancellationToken ct) => Document(await mediator.Send(new GetJwksQuery(), ct)));
    }

    private static CacheableDocument Document<T>(T document) => new(JsonSerializer.SerializeToUtf8Bytes(document, OAuthResults.Wire));

    private sealed class CacheableDocument(byte[] body) : IResult
    {
        public Task ExecuteAsync(HttpContext http)
        {
            http.Response.Headers.CacheControl = "public, max-age=300";
            return Results.Bytes(body, "application/json", entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body))[..16]}\"")).ExecuteAsync(http);
        }
    }
}
