using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Persistence.Revocations;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

/// <summary>Ends a session here that its user has ended at another node.</summary>
internal sealed class EndedSessions(IOpenSessions sessions) : IRevocationHearer
{
    public Task HearAsync(Revocation ended, CancellationToken ct)
    {
        if (ended.Kind == RevocationKind.Session)
            sessions.End(new TokenHash(ended.Id));
        return Task.CompletedTask;
    }
}
