using MediatR;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Application.Upstream;

/// <summary>The providers, and which of them the account is linked to.</summary>
internal sealed record GetLinkedAccountsQuery(string Subject) : IRequest<LinkedAccounts>;

internal sealed record LinkedAccounts(IReadOnlyList<(UpstreamProvider Provider, LinkedAccount? Linked)> All);

internal sealed class GetLinkedAccountsHandler(IUpstreamAccounts accounts, OAuthSettings settings)
    : IRequestHandler<GetLinkedAccountsQuery, LinkedAccounts>
{
    public async Task<LinkedAccounts> Handle(GetLinkedAccountsQuery query, CancellationToken ct)
    {
        if (settings.Providers.Count == 0)
            return new LinkedAccounts([]);
        var linked = await accounts.ListAsync(query.Subject, ct);
        return new LinkedAccounts([
            .. settings.Providers.Select(provider => (provider, linked.FirstOrDefault(account => account.Provider == provider.Name))),
        ]);
    }
}
