using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Authorize;

/// <summary>The request that a page is about, for the browser that began it and for no other.</summary>
internal sealed class OpenRequests(IAuthorizationRequestStore requests, CurrentAct act, TimeProvider time)
{
    public async Task<Result<AuthorizationRequest>> FindAsync(string id, Visitor visitor, CancellationToken ct)
    {
        if (await requests.FindAsync(id, ct) is not { } request)
            return AuthorizationRequest.Expired;
        if (request.Refuse(visitor, time.GetUtcNow()) is { } refusal)
            return refusal;
        (act.ClientId, act.Subject, act.Scope) = (request.ClientId, visitor.Subject ?? act.Subject, request.Scope);
        return request;
    }
}
