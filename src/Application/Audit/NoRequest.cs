using System.Diagnostics;
using System.Net;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Audit;

/// <summary>Where nothing comes from outside: over stdio.</summary>
internal sealed class NoRequest : IRequestOrigin
{
    public IPAddress? Peer => null;

    public string? TraceId => Activity.Current?.TraceId.ToHexString();

    public string? Actor => null;

    public bool TryExplain(OAuthError refusal) => false;

    public void Name(AuditEvent happened) { }
}
