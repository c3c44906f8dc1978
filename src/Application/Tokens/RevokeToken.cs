using FluentValidation;
using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Application.Tokens;

/// <summary>POST /revoke (RFC 7009 §2.1). The hint is not needed: the two kinds of token cannot be confused.</summary>
internal sealed record RevokeTokenCommand(ClientCredentials Client, Secret? Token) : IRequest<Result<Revoked>>, IAudited
{
    // A token that is not live needs no revocation, and anybody can send any number of those.
    private static readonly Audited Revocations = new(AuditWords.Revocation, "token") { IsRoutine = true, IsOfRefusals = true };

    Audited IAudited.Audited => Revocations;
}

internal sealed class RevokeTokenValidator : AbstractValidator<RevokeTokenCommand>
{
    public RevokeTokenValidator() => RuleFor(command => command.Token).NotNull().WithMessage("token is required.");
}

internal sealed class RevokeTokenHandler(
    ClientAuthenticator clients,
    IRefreshTokenStore refreshTokens,
    LiveGrants grants,
    AccessTokens accessTokens,
    TimeProvider time
) : IRequestHandler<RevokeTokenCommand, Result<Revoked>>
{
    public async Task<Result<Revoked>> Handle(RevokeTokenCommand command, CancellationToken ct)
    {
        if (!(await clients.AuthenticateAsync(command.Client, ct)).Try(out var client, out var refusal))
            return refusal;
        if (await FindAsync(command.Token!, ct) is { } refreshToken)
        {
            if (refreshToken.ClientId != client.Id)
                return OAuthError.InvalidGrant("refresh token belongs to another client");
            await grants.RevokeAsync(refreshToken.GrantId, time.GetUtcNow(), ct);
            return new Revoked();
        }

        return await accessTokens.RevokeAsync(client, command.Token!, ct);
    }

    // A token that was rotated long ago is no longer stored. The newest of its family stands for it.
    private async Task<RefreshToken?> FindAsync(Secret token, CancellationToken ct) =>
        await refreshTokens.FindAsync(TokenHash.Of(token), ct)
        ?? (RefreshToken.FamilyOf(token) is { } family ? await refreshTokens.FindNewestAsync(family, ct) : null);
}
