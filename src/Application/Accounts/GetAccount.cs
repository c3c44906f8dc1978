using MediatR;

namespace OAuthMcp.Application.Accounts;

/// <summary>How somebody signs in, for the page on which that is changed; with a passkey ceremony to add one more.</summary>
internal sealed record GetAccountQuery(SignedInAccount Account) : IRequest<AccountView>;

/// <param name="FailedSignIns">Wrong passwords and codes since the sign-in before the present one.</param>
internal sealed record AccountView(
    bool HasPassword,
    bool HasSecondFactor,
    int RecoveryCodesLeft,
    IReadOnlyList<Passkey> Passkeys,
    PasskeyCeremony Adding,
    int FailedSignIns
);

internal sealed class GetAccountHandler(ISecondFactors factors, IPasskeys passkeys, IFailedSignIns failed)
    : IRequestHandler<GetAccountQuery, AccountView>
{
    public async Task<AccountView> Handle(GetAccountQuery query, CancellationToken ct)
    {
        var factor = await factors.FindAsync(query.Account.Subject, ct);
        return new AccountView(
            factor.HasPassword,
            factor.IsOn,
            factor.RecoveryCodesLeft,
            await passkeys.ListAsync(query.Account.Subject, ct),
            await passkeys.BeginAddingAsync(query.Account, ct),
            await failed.CountAsync(query.Account.Subject, ct)
        );
    }
}
