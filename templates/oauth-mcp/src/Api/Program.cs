using OAuthMcp.Api;
using OAuthMcp.Api.Hosting;
using Template._1.Api;
using Template._1.Infrastructure;

var builder = WebApplication.CreateBuilder(args);
builder.AddOAuthMcp().WithTools<SendMessageTool>();
builder.Services.AddMessages(builder.Configuration.GetValue<Uri>("Messages:BaseAddress")!);

await using var app = builder.Build();
app.MapOAuthMcp();
return await app.RunOAuthMcpAsync(args);
