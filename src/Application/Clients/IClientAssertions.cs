using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Clients;

/// <summary>Reads the assertions that clients authenticate with (RFC 7523 §3, tightened as in its draft revision).</summary>
internal interface IClientAssertions
{
    /// <summary>The <c>sub</c> as it stands there, unverified; null when it is no JWT.</summary>
    string? SubjectOf(Secret assertion);

    /// <summary>The verified assertion, or <c>invalid_client</c> with the check that failed.</summary>
    Task<Result<ClientAssertion>> VerifyAsync(Client client, Secret assertion, string? jwks, CancellationToken ct);
}
