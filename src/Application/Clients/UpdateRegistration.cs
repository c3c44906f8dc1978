using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Clients;

/// <summary>
/// PUT /register/{client_id} (RFC 7592 §2.2), with the whole metadata anew. A client may describe itself differently and narrow
/// what it has, but not send codes elsewhere, since the registration access token may be stolen.
/// </summary>
internal sealed record UpdateRegistrationCommand(string ClientId, Secret? RegistrationToken, ClientMetadata Metadata)
    : IRequest<Result<ClientRegistration>>,
        IAudited
{
    Audited IAudited.Audited => new(AuditWords.Registration, "update") { Name = Metadata.ClientName, IsRoutine = true };
}

internal sealed class UpdateRegistrationHandler(RegistrationAccess access, IClientStore store, OAuthSettings settings)
    : IRequestHandler<UpdateRegistrationCommand, Result<ClientRegistration>>
{
    public async Task<Result<ClientRegistration>> Handle(UpdateRegistrationCommand command, CancellationToken ct)
    {
        if (!(await access.AuthorizeAsync(command.ClientId, command.RegistrationToken, ct)).Try(out var client, out var refusal))
            return refusal;
        if (command.Metadata.ClientId != client.Id)
            return OAuthError.InvalidRequest("client_id must be that of the registration.");
        if (!command.Metadata.Check(settings.PrivateUseSchemes).Try(out var metadata, out refusal))
            return refusal;
        if (metadata.RedirectUris!.Except(client.RedirectUris).Any())
            return OAuthError.InvalidRedirectUri("An update cannot add to redirect_uris.");
        if (metadata.GrantTypes!.Except(client.GrantTypes).Any())
            return OAuthError.InvalidClientMetadata("An update cannot add to grant_types.");
        if (
            metadata.TokenEndpointAuthMethod != client.TokenEndpointAuthMethod
            || metadata.TokenEndpointAuthSigningAlg != client.AssertionAlgorithm
            || metadata.Jwks != client.Jwks
            || metadata.JwksUri != client.JwksUri
        )
            return OAuthError.InvalidClientMetadata("An update cannot change how the client authenticates.");

        var registrationToken = Secret.Generate();
        var updated = metadata.ToClient(client.Id, client.Origin, client.CreatedAt) with
        {
            OtherAuthMethods = [],
            SecretHash = client.SecretHash,
            RegistrationTokenHash = TokenHash.Of(registrationToken),
        };
        await store.ReplaceAsync(updated, ct);
        return new ClientRegistration(updated, null, registrationToken, settings.SupportedScopes);
    }
}
