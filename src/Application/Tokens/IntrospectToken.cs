using FluentValidation;
using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tokens;

/// <summary>
/// POST /introspect (RFC 7662 §2.1), for confidential clients: a registered one sees its own tokens, an operator's sees all.
/// </summary>
internal sealed record IntrospectTokenQuery(ClientCredentials Client, Secret? Token) : IRequest<Result<Introspection>>, IAudited
{
    private static readonly Audited Refusals = new(AuditWords.Introspection) { IsRoutine = true, IsOfRefusals = true };

    Audited IAudited.Audited => Refusals;
}

/// <param name="Token">The token's claims; null when it is not active, for whatever reason.</param>
internal sealed record Introspection(AccessTokenClaims? Token);

internal sealed class IntrospectTokenValidator : AbstractValidator<IntrospectTokenQuery>
{
    public IntrospectTokenValidator() => RuleFor(query => query.Token).NotNull().WithMessage("token is required.");
}

internal sealed class IntrospectTokenHandler(ClientAuthenticator clients, AccessTokens tokens)
    : IRequestHandler<IntrospectTokenQuery, Result<Introspection>>
{
    public async Task<Result<Introspection>> Handle(IntrospectTokenQuery query, CancellationToken ct)
    {
        if (!(await clients.AuthenticateAsync(query.Client, ct)).Try(out var client, out var refusal))
            return refusal;
        if (query.Client.Method == AuthMethods.None)
            return OAuthError.InvalidClient($"{client.Id} is public"); // RFC 7662 §2.1
        if (!(await tokens.CheckAsync(query.Token!, ct)).Try(out var live, out _))
            return new Introspection(null);
        return new Introspection(client.IsPreRegistered || live.Token.ClientId == client.Id ? live.Token : null);
    }
}
