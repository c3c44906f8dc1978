using FluentValidation;
using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Application.Tokens;

/// <summary>grant_type=refresh_token (RFC 6749 §6, OAuth 2.1 §4.3).</summary>
internal sealed record RefreshTokensCommand(ClientCredentials Client, Secret? RefreshToken, string? Scope, IReadOnlyList<string> Resources)
    : IRequest<Result<TokenResponse>>,
        IAudited
{
    private static readonly Audited Issue = new(AuditWords.TokenIssue, GrantTypes.RefreshToken) { IsRoutine = true };

    Audited IAudited.Audited => Issue;
}

internal sealed class RefreshTokensValidator : AbstractValidator<RefreshTokensCommand>
{
    public RefreshTokensValidator() => RuleFor(command => command.RefreshToken).NotNull().WithMessage("refresh_token is required.");
}

internal sealed class RefreshTokensHandler(
    ClientAuthenticator clients,
    IRefreshTokenStore tokens,
    LiveGrants grants,
    TokenIssuer issuer,
    TimeProvider time
) : IRequestHandler<RefreshTokensCommand, Result<TokenResponse>>
{
    public async Task<Result<TokenResponse>> Handle(RefreshTokensCommand command, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (!(await clients.AuthenticateAsync(command.Client, ct)).Try(out var client, out var refusal))
            return refusal;
        if (!client.Allows(GrantTypes.RefreshToken))
            return OAuthError.UnauthorizedClient("client has no refresh_token grant");
        if (await tokens.FindAsync(TokenHash.Of(command.RefreshToken!), ct) is not { } token)
            return await RefuseUnknownAsync(client, command.RefreshToken!, now, ct);
        if (token.Refuse(client, now) is { } misuse)
            return misuse;
        if (!(await grants.FindAsync(token.GrantId, now, ct)).Try(out var grant, out refusal))
            return refusal;
        if (issuer.Refuse(command.Resources) is { } wrongTarget)
            return wrongTarget;
        if (!issuer.Narrow(grant, command.Scope).Try(out var scope, out refusal))
            return refusal;

        var salt = Secret.Generate().Reveal();
        var successor = RefreshToken.Successor(command.RefreshToken!, salt);
        var response = issuer.Issue(client, grant, scope, successor, now);
        if (await tokens.TryRotateAsync(token.Hash, now, salt, issuer.Record(successor, token.Generation + 1, client, grant, now), ct))
            return response;
        return await RepeatAsync(command.RefreshToken!, response, grant, now, ct);
    }

    /// <summary>A token that is no longer stored is recognised by its family. Repeating it is theft too.</summary>
    private async Task<OAuthError> RefuseUnknownAsync(Client client, Secret presented, DateTimeOffset now, CancellationToken ct)
    {
        if (
            RefreshToken.FamilyOf(presented) is not { } family
            || await tokens.FindNewestAsync(family, ct) is not { } newest
            || newest.ClientId != client.Id
        )
            return OAuthError.InvalidGrant("unknown refresh token");
        return await grants.RevokeReplayedAsync(newest.GrantId, "refresh_reuse: old refresh token replayed, grant revoked", now, ct);
    }

    /// <summary>
    /// The token was exchanged before. Within the grace the answer may have been lost, so the same successor is sent again unless
    /// it was used; later it is theft, and the family is revoked (RFC 9700 §4.14.2).
    /// </summary>
    private async Task<Result<TokenResponse>> RepeatAsync(
        Secret presented,
        TokenResponse response,
        Grant grant,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var rotated = await tokens.FindAsync(TokenHash.Of(presented), ct);
        if (rotated?.SuccessorSalt is { } salt && issuer.IsWithinGrace(rotated, now))
        {
            var successor = RefreshToken.Successor(presented, salt);
            if (await tokens.FindAsync(TokenHash.Of(successor), ct) is { RotatedAt: null })
                return response with { RefreshToken = successor };
        }

        return await grants.RevokeReplayedAsync(grant.Id, "refresh_reuse: refresh token replayed, grant revoked", now, ct);
    }
}
