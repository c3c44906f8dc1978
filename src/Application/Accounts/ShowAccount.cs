using FluentValidation;
using MediatR;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>How one account can sign in, and what keeps it from that. What it allowed is listed with the grants.</summary>
internal sealed record ShowAccountQuery(string? UserName) : IRequest<Result<AccountDetails>>;

/// <param name="DisabledAt">Null when it can sign in.</param>
/// <param name="Lockouts">The places from which nobody can try its password or codes now.</param>
/// <param name="LastSignInAt">As long as the audit trail has it; else null.</param>
/// <param name="FailedSignIns">Wrong passwords and codes since its last sign-in.</param>
/// <param name="RecoveryCodesLeft">How many were not used.</param>
internal sealed record AccountDetails(
    string Subject,
    string UserName,
    DateTimeOffset? DisabledAt,
    IReadOnlyList<AccountDetails.Lockout> Lockouts,
    DateTimeOffset? LastSignInAt,
    int FailedSignIns,
    bool HasPassword,
    bool HasAuthenticator,
    int RecoveryCodesLeft,
    IReadOnlyList<Passkey> Passkeys,
    IReadOnlyList<AccountDetails.Identity> LinkedAccounts
)
{
    /// <param name="Place">As <see cref="Domain.Accounts.SignInSource"/> names it.</param>
    public sealed record Lockout(string Place, DateTimeOffset Until);

    /// <summary>An account at a provider that signs in to this one.</summary>
    /// <param name="UserName">What it is called there: untrusted text.</param>
    /// <param name="Id">Its subject there, which never changes.</param>
    public sealed record Identity(string Provider, string UserName, string Id);
}

internal sealed class ShowAccountValidator : AbstractValidator<ShowAccountQuery>
{
    public ShowAccountValidator() => RuleFor(query => query.UserName).NotEmpty().WithMessage("The user name is missing.");
}

internal sealed class ShowAccountHandler(IAccountDetails accounts, TimeProvider time)
    : IRequestHandler<ShowAccountQuery, Result<AccountDetails>>
{
    public async Task<Result<AccountDetails>> Handle(ShowAccountQuery query, CancellationToken ct) =>
        await accounts.FindAsync(query.UserName!, time.GetUtcNow(), ct) is { } account
            ? account
            : OAuthError.InvalidRequest($"There is no account {query.UserName}.");
}
