namespace OAuthMcp.Application.Accounts;

/// <summary>What an operator does with accounts. Each act says false when there is no such account.</summary>
internal interface IAccountAdministration
{
    Task<IReadOnlyList<ListedAccount>> ListAsync(CancellationToken ct);

    /// <returns>The subject of the account with this name, in any spelling of it; null when there is none.</returns>
    Task<string?> FindAsync(string userName, CancellationToken ct);

    /// <summary>The account can no longer sign in, and its tokens are refused.</summary>
    Task<bool> TryDisableAsync(string userName, CancellationToken ct);

    /// <summary>The account can sign in again. Its former sessions and grants stay ended, since somebody else may hold them.</summary>
    Task<bool> TryEnableAsync(string userName, CancellationToken ct);

    /// <summary>Takes the authenticator, the recovery codes and the passkeys away, and ends the sessions.</summary>
    Task<bool> TryResetFactorsAsync(string userName, CancellationToken ct);

    /// <summary>Deletes the account with all that belongs to it, and ends what it allowed.</summary>
    Task<bool> TryDeleteAsync(string userName, CancellationToken ct);

    /// <summary>Ends the sessions, grants and consents of all accounts, and every sign-in that is under way.</summary>
    /// <returns>How many grants were live.</returns>
    Task<int> EndAllAsync(CancellationToken ct);
}
