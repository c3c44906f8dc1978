namespace OAuthMcp.Application.Accounts;

/// <summary>All that is stored of how an account signs in.</summary>
internal interface IAccountDetails
{
    Task<AccountDetails?> FindAsync(string userName, DateTimeOffset now, CancellationToken ct);
}
