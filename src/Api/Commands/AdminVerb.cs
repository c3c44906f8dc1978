using System.CommandLine;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Hosting;
using OAuthMcp.Application.Settings;
using Serilog;
using Serilog.Core;

namespace OAuthMcp.Api.Commands;

/// <summary>Runs the verbs that manage a server's data. They may run beside the server; it sees the change at its next look.</summary>
internal sealed class AdminVerb(Func<ParseResult, Dictionary<string, string?>> overrides)
{
    /// <summary>A verb whose work gets the services of a server on the same data, which listens to nobody.</summary>
    public Command Verb(
        string name,
        string help,
        Func<ParseResult, IServiceProvider, CancellationToken, Task> work,
        params Symbol[] symbols
    )
    {
        var verb = new Command(name, help);
        foreach (var symbol in symbols)
            if (symbol is Argument argument)
                verb.Add(argument);
            else
                verb.Add((Option)symbol);
        verb.SetAction(
            async (parsed, ct) =>
            {
                await using var app = HttpServer.Build(overrides(parsed), builder => builder.Services.AddSerilog(Logger.None));
                if (app.Services.GetRequiredService<OAuthSettings>().Authority is not null)
                    throw new ConfigurationException($"Authority:Issuer: {name} works on data of this server, which has none then.");
                await app.Services.PrepareAsync(ct);
                await using var scope = app.Services.CreateAsyncScope();
                await work(parsed, scope.ServiceProvider, ct);
            }
        );
        return verb;
    }
}
