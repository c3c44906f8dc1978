using System.Security.Cryptography;
using System.Text.Json;
using MediatR;
using Microsoft.Net.Http.Headers;
using OAuthMcp.Api.Http;
using OAuthMcp.Application.Discovery;

namespace OAuthMcp.Api.OAuth;

/// <summary>
/// The documents in which clients find everything else: RFC 9728, RFC 8414, OpenID Connect Discovery, JWKS. They are public, may be
/// cached and never redirect.
/// </summary>
internal static class DiscoveryEndpoints
{
    public const string WellKnown = "/.well-known";

    // RFC 9110 §9.1: what can be fetched has HEAD too
    private static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];

    public static void MapResourceMetadata(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(WellKnown);
        foreach (var path in new[] { "/oauth-protected-resource", "/oauth-protected-resource/mcp" })
            group
                .MapMethods(path, Read, async (IMediator mediator, CancellationToken ct) =>
                    Document(await mediator.Send(new GetResourceMetadataQuery(), ct))
                )
                .WithMetadata(new NeedsNoDatabaseAttribute());
    }

    public static void MapServerMetadata(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(WellKnown);
        foreach (var path in new[] { "/oauth-authorization-server", "/openid-configuration" })
            group
                .MapMethods(path, Read, async (IMediator mediator, CancellationToken ct) =>
                    Document(await mediator.Send(new GetServerMetadataQuery(), ct))
                )
                .WithMetadata(new NeedsNoDatabaseAttribute());
        group.MapMethods("/jwks.json", Read, async (IMediator mediator, CancellationToken ct) =>
            Document(await mediator.Send(new GetJwksQuery(), ct))
        );
    }

    private static CacheableDocument Document<T>(T document) => new(JsonSerializer.SerializeToUtf8Bytes(document, OAuthResults.Wire));

    internal sealed class CacheableDocument(byte[] body) : IResult
    {
        public Task ExecuteAsync(HttpContext http)
        {
            http.Response.Headers.CacheControl = "public, max-age=300";
            return Results
                .Bytes(
                    body,
                    "application/json",
                    entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body))[..16]}\"")
                )
                .ExecuteAsync(http);
        }
    }
}
