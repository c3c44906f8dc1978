namespace OAuthMcp.Application.Upstream;

/// <summary>Renewals that are under way when the process ends.</summary>
internal interface IUpstreamRenewals
{
    /// <summary>Lets each of them finish and stores what could not be stored before, since the old tokens are used up by then.</summary>
    Task EndAsync(CancellationToken ct);
}
