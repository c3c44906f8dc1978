using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Upstream;

/// <summary>
/// Ends what tools may do in the user's name at a provider: the token is deleted here and, where the provider can be told, revoked
/// there.
/// </summary>
internal sealed record UnlinkAccountCommand(string Subject, string? Provider) : IRequest<Result<Unlinked>>, IAudited
{
    Audited IAudited.Audited => new(AuditWords.Revocation, "unlink") { Subject = Subject };
}

internal sealed record Unlinked;

internal sealed class UnlinkAccountHandler(
    IUpstreamAccounts accounts,
    IUpstreamTokenStore tokens,
    IUpstreamProviders providers,
    OAuthSettings settings,
    CurrentAct act
) : IRequestHandler<UnlinkAccountCommand, Result<Unlinked>>
{
    public async Task<Result<Unlinked>> Handle(UnlinkAccountCommand command, CancellationToken ct)
    {
        if (settings.FindProvider(command.Provider) is not { } provider)
            return OAuthError.InvalidRequest("There is no such sign-in service here.");
        act.Name = provider.Name;
        // The provider first, since a crash in between then leaves a useless token here and not a live one that nobody can end. A
        // provider that cannot be reached keeps nobody from unlinking.
        var token = await tokens.FindAsync(command.Subject, provider.Name, ct);
        if (token is not null)
            await providers.RevokeAsync(provider, token, ct);
        if (await tokens.FindAsync(command.Subject, provider.Name, ct) is { } late && late.Generation != token?.Generation)
            await providers.RevokeAsync(provider, late, ct); // renewed meanwhile
        if (!await accounts.TryUnlinkAsync(command.Subject, provider.Name, CancellationToken.None))
            return OAuthError.InvalidRequest("That account is not linked.");
        return new Unlinked();
    }
}
