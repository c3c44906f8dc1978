using FluentValidation;
using MediatR;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tokens;

/// <summary>Says to an operator what a token is, and whether it would be taken with the configuration as it stands.</summary>
internal sealed record ExplainTokenQuery(Secret? Token) : IRequest<Result<TokenExplanation>>;

internal sealed class ExplainTokenValidator : AbstractValidator<ExplainTokenQuery>
{
    private const int Longest = 65_536;

    public ExplainTokenValidator() =>
        RuleFor(query => query.Token)
            .Cascade(CascadeMode.Stop)
            .NotNull()
            .WithMessage("There is no token on standard input.")
            .Must(token => token!.Reveal().Length <= Longest)
            .WithMessage($"That is longer than {Longest} characters, and no token.");
}

/// <param name="stored">None where another server issues the tokens.</param>
internal sealed class ExplainTokenHandler(IAccessTokenChecks checks, ITokenReader reader, IEnumerable<StoredTokens> stored)
    : IRequestHandler<ExplainTokenQuery, Result<TokenExplanation>>
{
    public async Task<Result<TokenExplanation>> Handle(ExplainTokenQuery query, CancellationToken ct)
    {
        var token = query.Token!;
        foreach (var own in stored)
            if (await own.ExplainAsync(token, ct) is { } known)
                return known;
        var refusal = (await checks.CheckAsync(token, null, ct)).Try(out var live, out var why) ? null : why.Detail ?? why.Description;
        var signed = await reader.ReadAsync(token, ct);
        return new TokenExplanation
        {
            Kind =
                signed is null && live is null ? TokenKind.Unknown
                : signed?.IsAccessToken == false && live is null ? TokenKind.SignedToken
                : TokenKind.AccessToken,
            IsAccepted = live is not null,
            Why = refusal,
            UserName = live?.UserName,
            ClientId = live?.Token.ClientId ?? signed?.ClientId,
            Subject = live?.Token.Subject ?? signed?.Subject,
            GrantId = live?.Token.GrantId ?? signed?.GrantId,
            Scope = live?.Token.Scope.ToString() ?? signed?.Scope,
            ExpiresAt = live?.Token.ExpiresAt ?? signed?.ExpiresAt,
            Jwt = signed,
        };
    }
}
