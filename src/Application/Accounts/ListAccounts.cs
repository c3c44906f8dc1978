using MediatR;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>Every account, by name.</summary>
internal sealed record ListAccountsQuery : IRequest<Result<ListedAccounts>>;

internal sealed record ListedAccounts(IReadOnlyList<ListedAccount> Accounts);

internal sealed class ListAccountsHandler(IAccountAdministration accounts) : IRequestHandler<ListAccountsQuery, Result<ListedAccounts>>
{
    public async Task<Result<ListedAccounts>> Handle(ListAccountsQuery query, CancellationToken ct) =>
        new ListedAccounts(await accounts.ListAsync(ct));
}
