using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Clients;

/// <summary>Reads the assertions that clients authenticate with (RFC 7523 §3, tightened as in its draft revision).</summary>
public interface IClientAssertions
{
    /// <summary>The <c>sub</c> as it stands there, unverified; null when it is no JWT.</summary>
    string? SubjectOf(Secret assertion);

    /// <summary>The verified assertion, or <c>invalid_client</c> with the check that failed.</summary>
    Task<Result<ClientAssertion>> VerifyAsync(Client client, Secret assertion, string? jwks, CancellationToken ct);
}

/// <summary>What is left to check of a verified assertion: that it is used once.</summary>
public sealed record ClientAssertion(string JwtId, DateTimeOffset ExpiresAt);

/// <summary>Assertions that were used.</summary>
public interface IUsedAssertions
{
    /// <summary>False when this client used the id before: of any number of parallel calls on any node one wins.</summary>
    Task<bool> TryUseAsync(string clientId, ClientAssertion assertion, CancellationToken ct);
}
