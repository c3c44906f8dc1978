using System.CommandLine;
using MediatR;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Commands;

/// <summary>The verbs that manage accounts.</summary>
internal static class UserCommands
{
    public static Command Users(AdminVerb op)
    {
        var name = new Argument<string>("name") { Description = "User name." };
        return new Command("users", "Manage accounts.")
        {
            op.Verb(
                "add",
                "Add an account. The password comes from a prompt, or from standard input.",
                async (parsed, services, ct) =>
                {
                    var result = await services
                        .GetRequiredService<IMediator>()
                        .Send(new AddAccountCommand(parsed.GetValue(name), ReadPassword()), ct);
                    if (!result.Try(out var account, out var refusal))
                        throw new ConfigurationException(refusal.Description);
                    await Console.Out.WriteLineAsync($"Added {account.UserName} ({account.Subject}).");
                },
                name
            ),
            op.Verb("list", "List the accounts.", async (_, services, ct) =>
            {
                foreach (var account in await services.GetRequiredService<IAccounts>().ListAsync(ct))
                    await Console.Out.WriteLineAsync($"{account.Subject}  {account.UserName}{(account.IsDisabled ? "  disabled" : "")}");
            }),
            op.Verb(
                "disable",
                "Disable an account: it cannot sign in, and its tokens are refused at once.",
                async (parsed, services, ct) =>
                    await Console.Out.WriteLineAsync(
                        await services.GetRequiredService<IAccounts>().TryDisableAsync(parsed.GetValue(name)!, ct)
                            ? $"Disabled {parsed.GetValue(name)}."
                            : throw NoSuch(parsed.GetValue(name))
                    ),
                name
            ),
            op.Verb(
                "set-password",
                "Set a new password and revoke what the account had allowed.",
                async (parsed, services, ct) =>
                {
                    var result = await services
                        .GetRequiredService<IMediator>()
                        .Send(new SetPasswordCommand(parsed.GetValue(name), ReadPassword()), ct);
                    if (result.Error is { } refusal)
                        throw new ConfigurationException(refusal.Description);
                    await Console.Out.WriteLineAsync($"Changed the password of {parsed.GetValue(name)}.");
                },
                name
            ),
        };
    }

    private static ConfigurationException NoSuch(string? name) => new($"There is no account {name}.");

    private static Secret? ReadPassword()
    {
        if (Console.IsInputRedirected)
            return Secret.OrNull(Console.In.ReadLine());
        Console.Write("Password: ");
        var typed = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
                typed.Length = Math.Max(0, typed.Length - 1);
            else
                typed.Append(key.KeyChar);
        }

        Console.WriteLine();
        return Secret.OrNull(typed.ToString());
    }
}
