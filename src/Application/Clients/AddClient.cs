using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Clients;

/// <summary>A client that an operator vouches for. It gets a secret unless it is public or signs with keys of its own.</summary>
internal sealed record AddClientCommand(
    string? Name,
    IReadOnlyList<string> RedirectUris,
    IReadOnlyList<string> Scopes,
    bool IsPublic,
    string? Jwks
) : IRequest<Result<AddedClient>>, IAdministration
{
    string? IAdministration.Target => Name;
}

/// <param name="Secret">Shown this once; null for a client without a secret.</param>
internal sealed record AddedClient(string ClientId, Secret? Secret);

internal sealed class AddClientHandler(IClientStore clients, OAuthSettings settings, CurrentAct act, TimeProvider time)
    : IRequestHandler<AddClientCommand, Result<AddedClient>>
{
    public async Task<Result<AddedClient>> Handle(AddClientCommand command, CancellationToken ct)
    {
        var secret = command.IsPublic || command.Jwks is not null ? null : Secret.Generate();
        var described = new ClientDescription
        {
            Name = command.Name,
            Secret = secret?.Reveal(),
            Jwks = command.Jwks,
            RedirectUris = command.RedirectUris,
            Scopes = command.Scopes,
        };
        var read = OperatorClients.Read(described, Identifier.New("cli"), settings.PrivateUseSchemes, settings.SupportedScopes);
        if (!read.Try(out var client, out var refusal))
            return refusal with { Description = $"The client {refusal.Description}" };
        await clients.TryAddAsync(client with { CreatedAt = time.GetUtcNow() }, 0, ct);
        act.ClientId = client.Id;
        return new AddedClient(client.Id, secret);
    }
}
