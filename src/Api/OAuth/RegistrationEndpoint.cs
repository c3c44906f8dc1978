using MediatR;
using OAuthMcp.Api.Http;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.OAuth;

/// <summary>POST /register (RFC 7591 §3), and GET, PUT and DELETE /register/{client_id} (RFC 7592 §2).</summary>
internal static class RegistrationEndpoint
{
    public static async Task<IResult> PostAsync(HttpRequest request, IMediator mediator, OAuthSettings settings, CancellationToken ct)
    {
        if (!(await ReadAsync(request, ct)).Try(out var metadata, out var malformed))
            return OAuthResults.Error(malformed);
        var result = await mediator.Send(new RegisterClientCommand(metadata, Peer.Of(request.HttpContext)), ct);
        return result.Try(out var registration, out var refusal)
            ? OAuthResults.Json(RegistrationAnswer.Of(registration, settings), StatusCodes.Status201Created)
            : OAuthResults.Error(refusal);
    }

    public static async Task<IResult> GetAsync(
        HttpRequest request,
        string clientId,
        IMediator mediator,
        OAuthSettings settings,
        CancellationToken ct
    ) => Answer(await mediator.Send(new ReadRegistrationQuery(clientId, BearerHeader.Of(request)), ct), request, settings);

    public static async Task<IResult> PutAsync(
        HttpRequest request,
        string clientId,
        IMediator mediator,
        OAuthSettings settings,
        CancellationToken ct
    ) =>
        (await ReadAsync(request, ct)).Try(out var metadata, out var malformed)
            ? Answer(
                await mediator.Send(new UpdateRegistrationCommand(clientId, BearerHeader.Of(request), metadata), ct),
                request,
                settings
            )
            : OAuthResults.Error(malformed);

    public static async Task<IResult> DeleteAsync(HttpRequest request, string clientId, IMediator mediator, CancellationToken ct)
    {
        var result = await mediator.Send(new DeleteRegistrationCommand(clientId, BearerHeader.Of(request)), ct);
        return result.Error is { } refusal ? Refused(refusal, request) : Results.NoContent();
    }

    private static IResult Answer(Result<ClientRegistration> result, HttpRequest request, OAuthSettings settings) =>
        result.Try(out var registration, out var refusal)
            ? OAuthResults.Json(RegistrationAnswer.Of(registration, settings))
            : Refused(refusal, request);

    private static IResult Refused(OAuthError refusal, HttpRequest request)
    {
        if (refusal.Code == "invalid_token")
            request.HttpContext.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        return OAuthResults.Error(refusal);
    }

    private static async Task<Result<ClientMetadata>> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, ct);
        return ClientMetadataReader.Read(body.GetBuffer().AsMemory(0, (int)body.Length));
    }
}
