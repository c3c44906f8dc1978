using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>
/// Ends what was ever allowed, and every session. For a database that was put back from a backup: what was revoked after that backup
/// is live in it again, and nothing tells it from the rest.
/// </summary>
internal sealed record EndAllCommand : IRequest<Result<EndedAll>>, IAdministration
{
    string? IAdministration.Target => null;
}

/// <param name="Grants">How many were live.</param>
internal sealed record EndedAll(int Grants);

internal sealed class EndAllHandler(IAccountAdministration accounts) : IRequestHandler<EndAllCommand, Result<EndedAll>>
{
    public async Task<Result<EndedAll>> Handle(EndAllCommand command, CancellationToken ct) => new EndedAll(await accounts.EndAllAsync(ct));
}
