using System.Net;
using System.Security.Claims;
using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Http;

/// <summary>The request that is served now. Tools do not ask it, since their calls outlive requests.</summary>
internal sealed class RequestOrigin(IHttpContextAccessor requests) : IRequestOrigin
{
    public IPAddress? Peer => requests.HttpContext is { } http ? Http.Peer.AddressOf(http) : null;

    public string? TraceId => requests.HttpContext?.TraceIdentifierOf();

    public string? Actor => requests.HttpContext?.User.FindFirstValue("sub");

    public bool TryExplain(OAuthError refusal)
    {
        if (requests.HttpContext is not { } http || !http.Items.ContainsKey(RequestLog.IsOn))
            return false;
        http.Explain(refusal);
        return true;
    }

    public void Name(AuditEvent happened)
    {
        if (requests.HttpContext?.Items is not { } items)
            return;
        items[RequestLog.ClientId] = happened.ClientId ?? items[RequestLog.ClientId];
        items[RequestLog.Subject] = happened.Subject ?? items[RequestLog.Subject];
        if (happened.Name is not null)
            items[RequestLog.Name] = happened.Name;
    }
}
