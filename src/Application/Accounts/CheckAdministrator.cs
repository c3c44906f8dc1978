using MediatR;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>Whether an account may administer this server.</summary>
internal sealed record CheckAdministratorQuery(SignedInAccount Account) : IRequest<Result<Administrator>>;

internal sealed record Administrator(bool IsOne);

/// <summary>
/// An account is named by its subject, or by its name where it has a password: the operator gave it that name, while a user of a
/// provider may have chosen theirs.
/// </summary>
internal sealed class CheckAdministratorHandler(IAccountDetails accounts, OAuthSettings settings, TimeProvider time)
    : IRequestHandler<CheckAdministratorQuery, Result<Administrator>>
{
    public async Task<Result<Administrator>> Handle(CheckAdministratorQuery query, CancellationToken ct) =>
        new Administrator(
            settings.Administrators.Count > 0
                && await accounts.FindAsync(query.Account.UserName, time.GetUtcNow(), ct) is { DisabledAt: null } account
                && account.Subject == query.Account.Subject
                && await IsNamedAsync(account, ct)
        );

    private async Task<bool> IsNamedAsync(AccountDetails account, CancellationToken ct)
    {
        if (settings.Administrators.Contains(account.Subject, StringComparer.Ordinal))
            return true;
        if (!account.HasPassword)
            return false;
        foreach (var name in settings.Administrators)
            if ((await accounts.FindAsync(name, time.GetUtcNow(), ct))?.Subject == account.Subject)
                return true; // names are compared as they are at a sign-in
        return false;
    }
}
