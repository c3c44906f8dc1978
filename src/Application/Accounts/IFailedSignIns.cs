namespace OAuthMcp.Application.Accounts;

internal interface IFailedSignIns
{
    /// <summary>Wrong passwords and codes for the account since the sign-in before the present one.</summary>
    Task<int> CountAsync(string subject, CancellationToken ct);
}
