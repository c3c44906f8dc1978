using System.Text.Json.Nodes;
using MediatR;
using OAuthMcp.Api.Hosting;
using OAuthMcp.Application;
using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.OAuth;

/// <summary>POST /register (RFC 7591 §3), and GET, PUT and DELETE /register/{client_id} (RFC 7592 §2).</summary>
internal static class RegistrationEndpoint
{
    public static async Task<IResult> PostAsync(HttpRequest request, IMediator mediator, RateLimits limits, OAuthSettings settings, CancellationToken ct)
    {
        if (limits.RefuseRegistration(request.HttpContext) is { } tooMany) return OAuthResults.Error(tooMany);
        if (!(await ReadAsync(request, ct)).Try(out var metadata, out var malformed)) return OAuthResults.Error(malformed);
        var result = await mediator.Send(new RegisterClientCommand(metadata), ct);
        return result.Try(out var registration, out var refusal)
            ? OAuthResults.Json(RegistrationAnswer.Of(registration, settings), StatusCodes.Status201Created)
            : OAuthResults.Error(refusal);
    }

    public static async Task<IResult> GetAsync(HttpRequest request, string clientId, IMediator mediator, OAuthSettings settings, CancellationToken ct) =>
        Answer(await mediator.Send(new ReadRegistrationQuery(clientId, Bearer(request)), ct), request, settings);

    public static async Task<IResult> PutAsync(HttpRequest request, string clientId, IMediator mediator, OAuthSettings settings, CancellationToken ct) =>
        (await ReadAsync(request, ct)).Try(out var metadata, out var malformed)
            ? Answer(await mediator.Send(new UpdateRegistrationCommand(clientId, Bearer(request), metadata), ct), request, settings)
            : OAuthResults.Error(malformed);

    public static async Task<IResult> DeleteAsync(HttpRequest request, string clientId, IMediator mediator, CancellationToken ct)
    {
        var result = await mediator.Send(new DeleteRegistrationCommand(clientId, Bearer(request)), ct);
        return result.Error is { } refusal ? Refused(refusal, request) : Results.NoContent();
    }

    private static IResult Answer(Result<ClientRegistration> result, HttpRequest request, OAuthSettings settings) =>
        result.Try(out var registration, out var refusal) ? OAuthResults.Json(RegistrationAnswer.Of(registration, settings)) : Refused(refusal, request);

    private static IResult Refused(OAuthError refusal, HttpRequest request)
    {
        if (refusal.Code == "invalid_token") request.HttpContext.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        return OAuthResults.Error(refusal);
    }

    private static Secret? Bearer(HttpRequest request) => request.Headers.Authorization is [{ } header] && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        ? Secret.OrNull(header["Bearer ".Length..].Trim())
        : null;

    private static async Task<Result<ClientMetadata>> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, ct);
        return ClientMetadataReader.Read(body.GetBuffer().AsMemory(0, (int)body.Length));
    }
}

/// <summary>RFC 7591 §3.2.1: everything that was stored, with a secret's expiry wherever there is a secret.</summary>
internal sealed record RegistrationAnswer(
    string ClientId, long ClientIdIssuedAt, string? ClientSecret, long? ClientSecretExpiresAt, IReadOnlyList<string> RedirectUris, IReadOnlyList<string> GrantTypes,
    IReadOnlyList<string> ResponseTypes, string TokenEndpointAuthMethod, string? TokenEndpointAuthSigningAlg, string? ApplicationType, string? ClientName,
    string? ClientUri, string? JwksUri, JsonNode? Jwks, string Scope, string RegistrationAccessToken, string RegistrationClientUri)
{
    private static readonly string[] CodeAlone = ["code"];

    public static RegistrationAnswer Of(ClientRegistration registration, OAuthSettings settings)
    {
        var client = registration.Client;
        return new(client.Id, client.CreatedAt.ToUnixTimeSeconds(), registration.ClientSecret?.Reveal(), client.SecretHash is null ? null : 0, client.RedirectUris, client.GrantTypes,
            CodeAlone, client.TokenEndpointAuthMethod, client.AssertionAlgorithm, client.ApplicationType, client.Name, client.ClientUri, client.JwksUri,
            client.Jwks is { } jwks ? JsonNode.Parse(jwks) : null, registration.Scope.ToString(), registration.RegistrationToken.Reveal(), $"{settings.Issuer}/register/{client.Id}");
    }
}
