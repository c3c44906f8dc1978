using System.ComponentModel;
using ModelContextProtocol.Server;
using OAuthMcp.Api;
using OAuthMcp.Api.Hosting;
using OAuthMcp.Api.Mcp;
using OAuthMcp.Application.Tools;

var builder = WebApplication.CreateBuilder(args);
builder.AddOAuthMcp().WithTools<GreetTool>();

await using var app = builder.Build();
app.MapOAuthMcp();
return await app.RunOAuthMcpAsync(args);

/// <summary>A tool is a class like this, and one more WithTools above.</summary>
[McpServerToolType]
internal sealed class GreetTool(ITokenContext context)
{
    [McpServerTool(Name = "greet", Title = "Greet", ReadOnly = true, OpenWorld = false)]
    [Description("Greets you by the name that you signed in with.")]
    [RequiresScope("greetings.read", "Greet you by your name")]
    public string Greet() => $"Hello {context.Caller?.UserName}.";
}
