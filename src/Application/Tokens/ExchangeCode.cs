using FluentValidation;
using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Application.Tokens;

/// <summary>grant_type=authorization_code (RFC 6749 §4.1.3, OAuth 2.1 §4.1.3).</summary>
internal sealed record ExchangeCodeCommand(
    ClientCredentials Client,
    Secret? Code,
    string? RedirectUri,
    Secret? CodeVerifier,
    IReadOnlyList<string> Resources
) : IRequest<Result<TokenResponse>>, IAudited
{
    private static readonly Audited Issue = new(AuditWords.TokenIssue, GrantTypes.AuthorizationCode) { IsRoutine = true };

    Audited IAudited.Audited => Issue;
}

internal sealed class ExchangeCodeValidator : AbstractValidator<ExchangeCodeCommand>
{
    public ExchangeCodeValidator() => RuleFor(command => command.Code).NotNull().WithMessage("code is required.");
}

internal sealed class ExchangeCodeHandler(
    ClientAuthenticator clients,
    IAuthorizationCodeStore codes,
    LiveGrants grants,
    TokenIssuer issuer,
    TimeProvider time
) : IRequestHandler<ExchangeCodeCommand, Result<TokenResponse>>
{
    public async Task<Result<TokenResponse>> Handle(ExchangeCodeCommand command, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (!(await clients.AuthenticateAsync(command.Client, ct)).Try(out var client, out var refusal))
            return refusal;
        if (!client.Allows(GrantTypes.AuthorizationCode))
            return OAuthError.UnauthorizedClient("client has no authorization_code grant");
        if (issuer.Refuse(command.Resources) is { } wrongTarget)
            return wrongTarget;
        if (await codes.FindAsync(TokenHash.Of(command.Code!), ct) is not { } code)
            return OAuthError.InvalidGrant("unknown code");
        if (code.Refuse(client, command.RedirectUri, command.CodeVerifier, now) is { } misuse)
            return misuse;
        if (!(await grants.FindAsync(code.GrantId, now, ct)).Try(out var grant, out refusal))
            return refusal;

        // Signed before the code is spent, so that trouble with a key does not cost the client its code.
        var refreshToken = client.Allows(GrantTypes.RefreshToken) ? RefreshToken.First() : null;
        var response = issuer.Issue(client, grant, grant.Scope, refreshToken, now);
        var first = refreshToken is null ? null : issuer.Record(refreshToken, 0, client, grant, now);
        if (await codes.TryRedeemAsync(code.Hash, now, first, ct))
            return response;

        // RFC 6749 §4.1.2: a code that is used twice ends every token that came of it.
        return await grants.RevokeReplayedAsync(grant.Id, "code replayed, grant revoked", now, ct);
    }
}
