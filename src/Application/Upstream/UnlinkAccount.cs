using MediatR;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Upstream;

/// <summary>
/// Ends what tools may do in the user's name at a provider: the token is forgotten here and, where that can be said, revoked there.
/// </summary>
public sealed record UnlinkAccountCommand(string Subject, string? Provider) : IRequest<Result<Unlinked>>;

public sealed record Unlinked;

internal sealed class UnlinkAccountHandler(
    IUpstreamAccounts accounts,
    IUpstreamTokenStore tokens,
    IUpstreamProviders providers,
    OAuthSettings settings
) : IRequestHandler<UnlinkAccountCommand, Result<Unlinked>>
{
    public async Task<Result<Unlinked>> Handle(UnlinkAccountCommand command, CancellationToken ct)
    {
        if (settings.FindProvider(command.Provider) is not { } provider)
            return OAuthError.InvalidRequest("There is no such sign-in service here.");
        var token = await tokens.FindAsync(command.Subject, provider.Name, ct);
        if (!await accounts.TryUnlinkAsync(command.Subject, provider.Name, ct))
            return OAuthError.InvalidRequest("That account is not linked.");
        // What counts has happened; a provider that cannot be reached does not undo it.
        if (token is not null)
            await providers.RevokeAsync(provider, token, ct);
        return new Unlinked();
    }
}
