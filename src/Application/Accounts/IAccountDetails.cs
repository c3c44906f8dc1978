namespace OAuthMcp.Application.Accounts;

/// <summary>All that is stored of how an account signs in.</summary>
public interface IAccountDetails
{
    Task<AccountDetails?> FindAsync(string userName, DateTimeOffset now, CancellationToken ct);
}
