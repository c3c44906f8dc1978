using System.CommandLine;
using System.Globalization;
using MediatR;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Commands;

/// <summary>The verbs that manage accounts.</summary>
internal static class UserCommands
{
    public static Command Users(AdminVerb admin)
    {
        var name = new Argument<string>("name") { Description = "User name." };
        var keepPasskeys = new Option<bool>("--keep-passkeys") { Description = "Leave the passkeys, which sign in without the password." };
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
            admin.Verb(
                "show",
                "Show how an account signs in, what keeps it from that, what it is linked with, and what it allowed.",
                async (run, ct) =>
                {
                    var account = await run.SendAsync(new ShowAccountQuery(run.Value(name)), ct);
                    var allowed = await run.SendAsync(new ListGrantsQuery(account.UserName, null), ct);
                    await run.PrintAsync(AccountText.Of(account, allowed), new { Account = account, allowed.Grants });
                },
                name
            ),
            Change(
                "disable",
                "Disable an account: it cannot sign in, and its tokens are refused at once.",
                "Disabled {0}.",
                user => new DisableAccountCommand(user)
            ),
            Change(
                "enable",
                "Enable a disabled account. What it had allowed before stays ended.",
                "Enabled {0}.",
                user => new EnableAccountCommand(user)
            ),
            Change(
                "reset-factors",
                "Take the authenticator app, the recovery codes and the passkeys away, so that the password is enough again.",
                "Reset the factors of {0}: authenticator app, recovery codes and passkeys are gone, and every session has ended.",
                user => new ResetFactorsCommand(user)
            ),
            Change("delete", "Delete an account and all that it allowed, for good.", "Deleted {0}.", user => new DeleteAccountCommand(
                user
            )),
            admin.Verb(
                "set-password",
                "Set a new password, end every session, revoke what the account had allowed, and remove its passkeys.",
                async (run, ct) =>
                {
                    var command = new SetPasswordCommand(run.Value(name), ReadPassword(), run.Value(keepPasskeys));
                    var replaced = await run.SendAsync(command, ct);
                    await run.PrintAsync(
                        $"Changed the password of {replaced.Account.UserName}. {AccountText.Of(replaced)}",
                        new
                        {
                            replaced.Account.Subject,
                            replaced.Account.UserName,
                            replaced.GrantsEnded,
                            replaced.PasskeysRemoved,
                            replaced.PasskeysKept,
                        }
                    );
                },
                name,
                keepPasskeys
            ),
        };

        Command Change(string verb, string help, string done, Func<string?, IRequest<Result<ChangedAccount>>> command) =>
            admin.Verb(
                verb,
                help,
                async (run, ct) =>
                {
                    var account = await run.SendAsync(command(run.Value(name)), ct);
                    await run.PrintAsync(string.Format(CultureInfo.InvariantCulture, done, account.UserName), account);
                },
                name
            );
    }

    private static Secret? ReadPassword() => HiddenInput.Read("Password: ");
}
