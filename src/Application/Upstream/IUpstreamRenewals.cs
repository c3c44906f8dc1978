namespace OAuthMcp.Application.Upstream;

/// <summary>Renewals that are under way when the process is to end.</summary>
public interface IUpstreamRenewals
{
    /// <summary>Lets each of them finish, and stores what could not be stored before: a renewed token is the only one that is left.</summary>
    Task EndAsync(CancellationToken ct);
}
