using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.OpenIddictPeer;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

// OpenIddict on Entity Framework Core, as its documentation shows it, with its defaults but for what is named here.
//   OpenIddict sqlite|postgres --database=CONNECTION-STRING --urls=http://localhost:8080
// Whoever comes is signed in, and has allowed everything.
var builder = WebApplication.CreateBuilder(args[1..]);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var address = builder.Configuration["database"]!;
builder.Services.AddDbContext<BenchContext>(db =>
{
    // The log is what the product's database has too; each connection of SQLite begins with synchronous=FULL.
    _ = args[0] == "sqlite" ? db.UseSqlite(address) : db.UseNpgsql(address);
    db.UseOpenIddict();
});
builder
    .Services.AddOpenIddict()
    .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<BenchContext>())
    .AddServer(server =>
    {
        server
            .SetAuthorizationEndpointUris("authorize")
            .SetTokenEndpointUris("token")
            .AllowAuthorizationCodeFlow()
            .AllowRefreshTokenFlow()
            .AllowClientCredentialsFlow()
            .RequireProofKeyForCodeExchange()
            .SetAuthorizationCodeLifetime(TimeSpan.FromMinutes(10))
            .RegisterScopes("mcp.read")
            .AddEphemeralSigningKey(SecurityAlgorithms.EcdsaSha256)
            // Of the keys that it takes the one that costs least: codes and refresh tokens are encrypted.
            .AddEncryptionKey(new SymmetricSecurityKey(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)))
            .DisableAccessTokenEncryption();
        server
            .UseAspNetCore()
            .EnableAuthorizationEndpointPassthrough()
            .EnableTokenEndpointPassthrough()
            .DisableTransportSecurityRequirement();
    });

var app = builder.Build();
await Store.PrepareAsync(app.Services);

app.MapGet("/authorize", (HttpContext http) => SignIn(http.GetOpenIddictServerRequest()!.GetScopes(), "usr_bench"));
app.MapPost("/token", async (HttpContext http) =>
{
    var request = http.GetOpenIddictServerRequest()!;
    if (request.IsClientCredentialsGrantType())
        return SignIn(request.GetScopes(), request.ClientId!);
    var proven = await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    return Results.SignIn(proven.Principal!, authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
});
await app.RunAsync();

static IResult SignIn(IEnumerable<string> scopes, string subject)
{
    var identity = new ClaimsIdentity(TokenValidationParameters.DefaultAuthenticationType);
    identity.SetClaim(Claims.Subject, subject).SetScopes(scopes).SetResources("mcp").SetDestinations(_ => [Destinations.AccessToken]);
    return Results.SignIn(new ClaimsPrincipal(identity), authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
}
