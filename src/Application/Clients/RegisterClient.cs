using MediatR;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Clients;

/// <summary>Dynamic client registration (RFC 7591 §3.1).</summary>
public sealed record RegisterClientCommand(ClientMetadata Metadata) : IRequest<Result<ClientRegistration>>;

/// <param name="Metadata">What was stored, defaults included.</param>
/// <param name="ClientSecret">Shown this once; null for a public client.</param>
public sealed record ClientRegistration(string ClientId, DateTimeOffset IssuedAt, ClientMetadata Metadata, Secret? ClientSecret, ScopeSet Scope);

internal sealed class RegisterClientHandler(IClientStore store, OAuthSettings settings, TimeProvider time) : IRequestHandler<RegisterClientCommand, Result<ClientRegistration>>
{
    public async Task<Result<ClientRegistration>> Handle(RegisterClientCommand command, CancellationToken ct)
    {
        if (!command.Metadata.Check(settings.PrivateUseSchemes).Try(out var metadata, out var refusal)) return refusal;
        if (!ScopeSet.Parse(metadata.Scope).Try(out var asked, out _)) return OAuthError.InvalidClientMetadata("scope is malformed.");

        var secret = metadata.TokenEndpointAuthMethod == AuthMethods.None ? null : Secret.Generate();
        var client = new Client
        {
            Id = Identifier.New("cli"),
            Name = metadata.ClientName,
            RedirectUris = metadata.RedirectUris!,
            GrantTypes = metadata.GrantTypes!,
            TokenEndpointAuthMethod = metadata.TokenEndpointAuthMethod!,
            ApplicationType = metadata.ApplicationType,
            ClientUri = metadata.ClientUri,
            SecretHash = secret is null ? null : TokenHash.Of(secret),
            CreatedAt = time.GetUtcNow(),
        };
        await store.AddAsync(client, ct);

        // What a client names here limits nothing: it asks again at /authorize. The answer leaves out what it can never get.
        var scope = asked.Intersect(settings.SupportedScopes);
        return new ClientRegistration(client.Id, client.CreatedAt, metadata, secret, scope.Count > 0 ? scope : settings.SupportedScopes);
    }
}
