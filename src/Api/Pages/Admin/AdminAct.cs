using MediatR;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Pages.Admin;

/// <summary>Something that an administrator does to an account, a client or a grant, by the same use case as a verb.</summary>
/// <param name="Button">What it is called.</param>
/// <param name="Consequence">What comes of it.</param>
/// <param name="Done">What the next page says.</param>
/// <param name="Back">The list that it was chosen from.</param>
/// <param name="DoAsync">Null when it was done.</param>
internal sealed record AdminAct(
    string Button,
    string Consequence,
    string Done,
    string Back,
    bool IsOnAccount,
    Func<IMediator, string, CancellationToken, Task<OAuthError?>> DoAsync
)
{
    private const string Users = "/admin";
    private const string Clients = "/admin/clients";
    private const string Grants = "/admin/grants";

    public const string DisableUser = "disable-user";
    public const string EnableUser = "enable-user";
    public const string ResetFactors = "reset-factors";
    public const string DeleteUser = "delete-user";
    public const string DisableClient = "disable-client";
    public const string DeleteClient = "delete-client";
    public const string RevokeGrant = "revoke-grant";

    /// <summary>The act of this name; null when there is none.</summary>
    public static AdminAct? Find(string? name) =>
        name switch
        {
            DisableUser => OnAccount(
                Texts.Admin_DisableUser,
                Texts.Admin_DisableUserText,
                Texts.Admin_DisableUserDone,
                user => new DisableAccountCommand(user)
            ),
            EnableUser => OnAccount(
                Texts.Admin_EnableUser,
                Texts.Admin_EnableUserText,
                Texts.Admin_EnableUserDone,
                user => new EnableAccountCommand(user)
            ),
            ResetFactors => OnAccount(
                Texts.Admin_ResetFactors,
                Texts.Admin_ResetFactorsText,
                Texts.Admin_ResetFactorsDone,
                user => new ResetFactorsCommand(user)
            ),
            DeleteUser => OnAccount(
                Texts.Admin_DeleteUser,
                Texts.Admin_DeleteUserText,
                Texts.Admin_DeleteUserDone,
                user => new DeleteAccountCommand(user)
            ),
            DisableClient => new(
                Texts.Admin_DisableClient,
                Texts.Admin_DisableClientText,
                Texts.Admin_DisableClientDone,
                Clients,
                false,
                Sending(client => new DisableClientCommand(client))
            ),
            DeleteClient => new(
                Texts.Admin_DeleteClient,
                Texts.Admin_DeleteClientText,
                Texts.Admin_DeleteClientDone,
                Clients,
                false,
                Sending(client => new DeleteClientCommand(client))
            ),
            RevokeGrant => new(
                Texts.Admin_RevokeGrant,
                Texts.Admin_RevokeGrantText,
                Texts.Admin_RevokeGrantDone,
                Grants,
                false,
                Sending(grant => new RevokeGrantCommand(grant))
            ),
            _ => null,
        };

    private static AdminAct OnAccount(
        string button,
        string consequence,
        string done,
        Func<string, IRequest<Result<ChangedAccount>>> command
    ) => new(button, consequence, done, Users, true, Sending(command));

    private static Func<IMediator, string, CancellationToken, Task<OAuthError?>> Sending<T>(Func<string, IRequest<Result<T>>> command)
        where T : class => async (mediator, on, ct) => (await mediator.Send(command(on), ct)).Error;
}
