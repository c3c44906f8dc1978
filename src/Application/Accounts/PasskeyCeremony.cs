using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <param name="Options">What the browser hands to the authenticator, as JSON.</param>
/// <param name="State">Comes back with the answer, sealed.</param>
internal sealed record PasskeyCeremony(string Options, Secret State);
