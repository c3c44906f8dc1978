using ModelContextProtocol.Protocol;
using OAuthMcp.Api;
using OAuthMcp.Api.Hosting;
using OAuthMcp.ConformanceHost;

// The product's own server, its bearer check included, with the tools, prompts and resources that the official
// conformance suite asks a server for. For tests alone: the settings come from the command line and the environment.
var builder = WebApplication.CreateBuilder(args);
builder
    .AddOAuthMcp()
    .WithTools<ContentTools>()
    .WithTools<SessionTools>()
    .WithTools<InputTools>()
    .WithTools<CapabilityTools>()
    .WithTools([SchemaTool.Create()])
    .WithPrompts<Prompts>()
    .WithResources<Resources>()
    .WithCompleteHandler(
        (_, _) =>
            ValueTask.FromResult(
                new CompleteResult
                {
                    Completion = new Completion
                    {
                        Values = ["paris", "park"],
                        Total = 2,
                        HasMore = false,
                    },
                }
            )
    )
    .WithSetLoggingLevelHandler((_, _) => ValueTask.FromResult(new EmptyResult()))
    .WithSubscribeToResourcesHandler((_, _) => ValueTask.FromResult(new EmptyResult()))
    .WithUnsubscribeFromResourcesHandler((_, _) => ValueTask.FromResult(new EmptyResult()));

await using var app = builder.Build();
app.MapOAuthMcp();
return await app.RunOAuthMcpAsync(args);
