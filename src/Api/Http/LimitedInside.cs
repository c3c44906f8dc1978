namespace OAuthMcp.Api.Http;

/// <summary>
/// Marks an endpoint that asks <see cref="RateLimits"/> itself, since what is counted has to be read first: the grant type, or
/// whose token it is. Every other endpoint names one of <see cref="PeerLimits"/>.
/// </summary>
internal sealed class LimitedInside;
