using OAuthMcp.Api;
using OAuthMcp.Api.Hosting;
using OAuthMcp.GitHubServer;

// People sign in with GitHub, and the tool reads their repositories with their own token there. appsettings.json says so; the client
// id and secret of the OAuth app are `dotnet user-secrets set Upstream:ClientId …` and `Upstream:ClientSecret …`.
var builder = WebApplication.CreateBuilder(args);
builder.AddOAuthMcp().WithTools<RepositoryTools>();
builder.Services.AddHttpClient<GitHub>().CallsApiBehind();

await using var app = builder.Build();
app.MapOAuthMcp();
return await app.RunOAuthMcpAsync(args);
