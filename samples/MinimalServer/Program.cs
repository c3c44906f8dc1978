using OAuthMcp.Api;
using OAuthMcp.Api.Hosting;
using OAuthMcp.MinimalServer;

// A server with a tool of its own. Sign-in, consent, tokens, verbs and log come with it.
var builder = WebApplication.CreateBuilder(args);
builder.AddOAuthMcp().WithTools<DiceTools>();

await using var app = builder.Build();
app.MapOAuthMcp();
return await app.RunOAuthMcpAsync(args);
