using MediatR;
using OAuthMcp.Application.Clients;

namespace OAuthMcp.Api.OAuth;

/// <summary>POST /register (RFC 7591 §3).</summary>
internal static class RegistrationEndpoint
{
    public static async Task<IResult> PostAsync(HttpRequest request, IMediator mediator, CancellationToken ct)
    {
        if (!(await ClientMetadataReader.ReadAsync(request, ct)).Try(out var metadata, out var malformed)) return OAuthResults.Error(malformed);
        var result = await mediator.Send(new RegisterClientCommand(metadata), ct);
        return result.Try(out var registration, out var refusal)
            ? OAuthResults.Json(RegistrationAnswer.Of(registration), StatusCodes.Status201Created)
            : OAuthResults.Error(refusal);
    }

    // RFC 7591 §3.2.1: everything that was stored, with a secret's expiry wherever there is a secret.
    private sealed record RegistrationAnswer(
        string ClientId, long ClientIdIssuedAt, string? ClientSecret, long? ClientSecretExpiresAt, IReadOnlyList<string> RedirectUris,
        IReadOnlyList<string> GrantTypes, IReadOnlyList<string> ResponseTypes, string TokenEndpointAuthMethod, string ApplicationType,
        string? ClientName, string? ClientUri, string Scope)
    {
        public static RegistrationAnswer Of(ClientRegistration registration) => new(
            registration.ClientId, registration.IssuedAt.ToUnixTimeSeconds(), registration.ClientSecret?.Reveal(), registration.ClientSecret is null ? null : 0,
            registration.Metadata.RedirectUris!, registration.Metadata.GrantTypes!, registration.Metadata.ResponseTypes!, registration.Metadata.TokenEndpointAuthMethod!,
            registration.Metadata.ApplicationType!, registration.Metadata.ClientName, registration.Metadata.ClientUri, registration.Scope.ToString());
    }
}
