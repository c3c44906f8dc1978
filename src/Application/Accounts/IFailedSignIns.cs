namespace OAuthMcp.Application.Accounts;

public interface IFailedSignIns
{
    /// <summary>Wrong passwords and codes for the account since its owner had signed in the time before this one.</summary>
    Task<int> CountAsync(string subject, CancellationToken ct);
}
