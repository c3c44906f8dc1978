using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Clients;

/// <summary>Dynamic client registration (RFC 7591 §3.1).</summary>
/// <param name="Peer">Who sent it; null where that is not known.</param>
internal sealed record RegisterClientCommand(ClientMetadata Metadata, string? Peer = null) : IRequest<Result<ClientRegistration>>, IAudited
{
    Audited IAudited.Audited => new(AuditWords.Registration, "register") { Name = Metadata.ClientName, IsRoutine = true };
}

/// <param name="Client">What was stored, defaults included.</param>
/// <param name="ClientSecret">Shown this once; null when none was issued.</param>
/// <param name="RegistrationToken">Manages the registration (RFC 7592 §3).</param>
internal sealed record ClientRegistration(Client Client, Secret? ClientSecret, Secret RegistrationToken, ScopeSet Scope);

internal sealed class RegisterClientHandler(
    IClientStore store,
    RegistrationShares shares,
    OAuthSettings settings,
    CurrentAct act,
    TimeProvider time
) : IRequestHandler<RegisterClientCommand, Result<ClientRegistration>>
{
    public async Task<Result<ClientRegistration>> Handle(RegisterClientCommand command, CancellationToken ct)
    {
        if (!command.Metadata.Check(settings.PrivateUseSchemes).Try(out var metadata, out var refusal))
            return refusal;
        if (!ScopeSet.Parse(metadata.Scope).Try(out var asked, out _))
            return OAuthError.InvalidClientMetadata("scope is malformed.");

        var registrationToken = Secret.Generate();
        var secret = metadata.TokenEndpointAuthMethod is AuthMethods.ClientSecretBasic or AuthMethods.ClientSecretPost
            ? Secret.Generate()
            : null;
        var client = metadata.ToClient(Identifier.New("cli"), ClientOrigin.Registered, time.GetUtcNow()) with
        {
            OtherAuthMethods = [],
            SecretHash = secret is null ? null : TokenHash.Of(secret),
            RegistrationTokenHash = TokenHash.Of(registrationToken),
        };
        if (!await TryAddAsync(client, command.Peer, ct))
            return OAuthError.TooManyRequests(TimeSpan.FromHours(1));
        act.ClientId = client.Id;

        // The scope here limits nothing, since the client asks again at /authorize. The answer leaves out what it can never get.
        var scope = asked.Intersect(settings.SupportedScopes);
        return new ClientRegistration(client, secret, registrationToken, scope.Count > 0 ? scope : settings.SupportedScopes);
    }

    // Where there is no room, the oldest client that nobody has used is deleted, beginning with those of the same peer.
    private async Task<bool> TryAddAsync(Client client, string? peer, CancellationToken ct)
    {
        if (shares.Add(peer, client.Id) is { } displaced)
            await store.TryForgetUnusedAsync(displaced, ct);
        return await store.TryAddAsync(client, settings.MaxRegisteredClients, ct)
            || (await store.TryForgetUnusedAsync(null, ct) && await store.TryAddAsync(client, settings.MaxRegisteredClients, ct));
    }
}
