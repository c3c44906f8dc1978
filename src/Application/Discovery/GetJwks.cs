using MediatR;
using OAuthMcp.Application.Tokens;

namespace OAuthMcp.Application.Discovery;

/// <summary>The keys that access tokens are verified with, public members only (RFC 7517 §5).</summary>
internal sealed record GetJwksQuery : IRequest<JsonWebKeys>;

internal sealed record JsonWebKeys(IReadOnlyList<IReadOnlyDictionary<string, string>> Keys);

internal sealed class GetJwksHandler(IKeySet keys) : IRequestHandler<GetJwksQuery, JsonWebKeys>
{
    public Task<JsonWebKeys> Handle(GetJwksQuery query, CancellationToken ct) => Task.FromResult(new JsonWebKeys(keys.PublicKeys));
}
