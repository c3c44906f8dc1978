using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Configuration;

/// <summary>The clients of <c>OAuth:Clients</c>: machines and applications that an operator vouches for.</summary>
internal static class ConfiguredClients
{
    /// <exception cref="ConfigurationException">A client is incomplete, unsafe or named twice.</exception>
    public static IReadOnlyDictionary<string, Client> Read(
        IReadOnlyList<ClientOptions> clients,
        IReadOnlyCollection<string> knownSchemes,
        ScopeSet? supportedScopes
    )
    {
        var byId = new Dictionary<string, Client>(StringComparer.Ordinal);
        var faults = new FoundFaults();
        foreach (var (i, options) in clients.Index())
            if (options.ClientId is not { Length: > 0 } id || byId.ContainsKey(id))
                faults.Add($"OAuth:Clients:{i}:ClientId is missing or taken.");
            else
                faults.Check(() => byId.Add(id, Read(options, id, knownSchemes, supportedScopes)));
        faults.ThrowIfAny();
        return byId;
    }

    private static Client Read(ClientOptions options, string id, IReadOnlyCollection<string> knownSchemes, ScopeSet? supportedScopes)
    {
        var described = new ClientDescription
        {
            Name = options.ClientName,
            Secret = options.ClientSecret,
            Jwks = options.Jwks,
            RedirectUris = options.RedirectUris,
            GrantTypes = options.GrantTypes,
            Scopes = options.Scopes,
            TokenEndpointAuthMethod = options.TokenEndpointAuthMethod,
        };
        return OperatorClients.Read(described, id, knownSchemes, supportedScopes).Try(out var client, out var refusal)
            ? client
            : throw new ConfigurationException($"OAuth:Clients: {id} {refusal.Description}");
    }
}
