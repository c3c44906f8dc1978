using System.CommandLine;
using System.CommandLine.Parsing;
using MediatR;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Protocol;
using Serilog;
using Serilog.Core;

namespace OAuthMcp.Api.Hosting;

/// <summary>The verbs that manage accounts. They may run beside a server.</summary>
internal static class UserCommands
{
    public static Command Users(Func<ParseResult, Dictionary<string, string?>> overrides)
    {
        var name = new Argument<string>("name") { Description = "User name." };
        var add = new Command("add", "Add an account. The password comes from a prompt, or from standard input.") { name };
        add.SetAction(async (parsed, ct) =>
        {
            await using var app = HttpServer.Build(overrides(parsed), builder => builder.Services.AddSerilog(Logger.None));
            await app.PrepareAsync(ct);
            await using var scope = app.Services.CreateAsyncScope();
            var result = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new AddAccountCommand(parsed.GetValue(name), ReadPassword()), ct);
            if (!result.Try(out var account, out var refusal)) throw new ConfigurationException(refusal.Description);
            await Console.Out.WriteLineAsync($"Added {account.UserName} ({account.Subject}).");
        });
        return new Command("users", "Manage accounts.") { add };
    }

    private static Secret? ReadPassword()
    {
        if (Console.IsInputRedirected) return Secret.OrNull(Console.In.ReadLine());
        Console.Write("Password: ");
        var typed = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace) typed.Length = Math.Max(0, typed.Length - 1);
            else typed.Append(key.KeyChar);
        }

        Console.WriteLine();
        return Secret.OrNull(typed.ToString());
    }
}
