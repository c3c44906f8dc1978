using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace OAuthMcp.OpenIddictPeer;

/// <summary>The tables and the two clients, where they are missing.</summary>
internal static class Store
{
    public static async Task PrepareAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BenchContext>();
        if (!await db.Database.EnsureCreatedAsync())
            return;
        var clients = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        await clients.CreateAsync(
            new OpenIddictApplicationDescriptor
            {
                ClientId = "bench",
                ClientType = ClientTypes.Public,
                ConsentType = ConsentTypes.Implicit,
                RedirectUris = { new Uri("http://127.0.0.1:7777/callback") },
                Permissions =
                {
                    Permissions.Endpoints.Authorization,
                    Permissions.Endpoints.Token,
                    Permissions.GrantTypes.AuthorizationCode,
                    Permissions.GrantTypes.RefreshToken,
                    Permissions.ResponseTypes.Code,
                    Permissions.Prefixes.Scope + "mcp.read",
                },
                Requirements = { Requirements.Features.ProofKeyForCodeExchange },
            }
        );
        await clients.CreateAsync(
            new OpenIddictApplicationDescriptor
            {
                ClientId = "machine",
                ClientSecret = new string('s', 43),
                ClientType = ClientTypes.Confidential,
                Permissions =
                {
                    Permissions.Endpoints.Token,
                    Permissions.GrantTypes.ClientCredentials,
                    Permissions.Prefixes.Scope + "mcp.read",
                },
            }
        );
    }
}
