using System.CommandLine;
using MediatR;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Hosting;
using OAuthMcp.Application.Settings;

namespace OAuthMcp.Api.Commands;

/// <summary>
/// Makes the verbs that manage the data of a server. They may run beside the server, which sees a change when it next looks.
/// </summary>
/// <param name="compose">Makes the services, without a log.</param>
internal sealed class AdminVerb(Func<ParseResult, WebApplication> compose)
{
    /// <summary>What help says of each verb, since one that runs in another folder than the server finds another database.</summary>
    public const string Where =
        "The database is found as serve finds it: by --database, or else in the folder of --Server:DataDirectory, \"data\" where it runs.";

    /// <summary>Makes a verb read and write JSON instead of text for people.</summary>
    public static Option<bool> Json { get; } = new("--json") { Description = "Print JSON, for programs.", Recursive = true };

    /// <summary>A verb that sends use cases to the services of a server on the same data, without listening.</summary>
    public Command Verb(string name, string help, Func<VerbRun, CancellationToken, Task> work, params Symbol[] symbols) =>
        Verb(name, help, needsData: true, work, symbols);

    /// <summary>One that works too where another authorization server issues the tokens, and nothing is stored here.</summary>
    public Command VerbAnywhere(string name, string help, Func<VerbRun, CancellationToken, Task> work) =>
        Verb(name, help, needsData: false, work);

    private Command Verb(string name, string help, bool needsData, Func<VerbRun, CancellationToken, Task> work, params Symbol[] symbols)
    {
        var verb = new Command(name, $"{help} {Where}");
        foreach (var symbol in symbols)
            if (symbol is Argument argument)
                verb.Add(argument);
            else
                verb.Add((Option)symbol);
        verb.SetAction(
            async (parsed, ct) =>
            {
                await using var app = compose(parsed);
                if (app.Services.GetRequiredService<OAuthSettings>().Authority is null)
                    await app.Services.PrepareForVerbAsync(ct);
                else if (needsData)
                    throw new ConfigurationException($"Authority:Issuer: {name} works on data of this server, which has none then.");
                await using var scope = app.Services.CreateAsyncScope();
                var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
                await work(new VerbRun(parsed, mediator, parsed.GetValue(Json)), ct);
            }
        );
        return verb;
    }
}
