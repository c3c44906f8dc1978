using System.CommandLine;
using MediatR;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Commands;

/// <summary>The verbs that manage accounts.</summary>
internal static class UserCommands
{
    public static Command Users(AdminVerb admin)
    {
        var name = new Argument<string>("name") { Description = "User name." };
        return new Command("users", "Manage accounts.")
        {
            admin.Verb(
                "add",
                "Add an account. The password comes from a prompt, or from standard input.",
                async (run, ct) =>
                {
                    var account = await run.SendAsync(new AddAccountCommand(run.Value(name), ReadPassword()), ct);
                    await run.PrintAsync($"Added {account.UserName} ({account.Subject}).", new { account.Subject, account.UserName });
                },
                name
            ),
            admin.Verb("list", "List the accounts.", async (run, ct) =>
                await run.PrintAsync((await run.SendAsync(new ListAccountsQuery(), ct)).Accounts, account =>
                    $"{account.Subject}  {account.UserName}{(account.IsDisabled ? "  disabled" : "")}"
                )
            ),
            Change(
                "disable",
                "Disable an account: it cannot sign in, and its tokens are refused at once.",
                "Disabled",
                user => new DisableAccountCommand(user)
            ),
            Change(
                "enable",
                "Enable a disabled account. What it had allowed before stays ended.",
                "Enabled",
                user => new EnableAccountCommand(user)
            ),
            Change(
                "reset-factors",
                "Take the authenticator app, the recovery codes and the passkeys away, so that the password is enough again.",
                "Reset the factors of",
                user => new ResetFactorsCommand(user)
            ),
            Change("delete", "Delete an account and all that it allowed, for good.", "Deleted", user => new DeleteAccountCommand(user)),
            admin.Verb(
                "set-password",
                "Set a new password and revoke what the account had allowed.",
                async (run, ct) =>
                {
                    var account = await run.SendAsync(new SetPasswordCommand(run.Value(name), ReadPassword()), ct);
                    await run.PrintAsync($"Changed the password of {run.Value(name)}.", new { account.Subject, account.UserName });
                },
                name
            ),
        };

        Command Change(string verb, string help, string done, Func<string?, IRequest<Result<ChangedAccount>>> command) =>
            admin.Verb(
                verb,
                help,
                async (run, ct) =>
                {
                    var account = await run.SendAsync(command(run.Value(name)), ct);
                    await run.PrintAsync($"{done} {account.UserName}.", account);
                },
                name
            );
    }

    private static Secret? ReadPassword()
    {
        if (Console.IsInputRedirected)
            return Secret.OrNull(Console.In.ReadLine());
        Console.Error.Write("Password: ");
        var typed = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
                typed.Length = Math.Max(0, typed.Length - 1);
            else
                typed.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        return Secret.OrNull(typed.ToString());
    }
}
