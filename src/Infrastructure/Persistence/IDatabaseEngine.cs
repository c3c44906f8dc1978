namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>What a server has to know of its database beside the tables.</summary>
internal interface IDatabaseEngine
{
    /// <summary>Where the database is, for an operator.</summary>
    Task<string> FindPlaceAsync(CancellationToken ct);

    /// <summary>The migrations of this version, in their order.</summary>
    IReadOnlyList<string> Migrations { get; }

    /// <summary>Those that were applied, in their order; none where nothing was there before.</summary>
    Task<IReadOnlyList<string>> FindAppliedAsync(CancellationToken ct);

    /// <summary>Lets a server begin to work on the database.</summary>
    /// <returns>What it holds as long as it runs; null where there is nothing to hold.</returns>
    /// <exception cref="DatabaseException">Another server runs on a database that serves one alone.</exception>
    Task<IDisposable?> LockForServerAsync(CancellationToken ct);

    /// <summary>Changes the tables to this version, if that is still pending once nobody else does so.</summary>
    /// <param name="isServer">Whether this process holds what a server holds.</param>
    /// <returns>False while another process changes them, or works with them as they are.</returns>
    /// <exception cref="DatabaseException">This version cannot work on such a database.</exception>
    Task<bool> TryMigrateAsync(bool isServer, Func<Task<bool>> isPendingAsync, CancellationToken ct);

    /// <summary>Gets the database ready for use, at the start of every process.</summary>
    /// <exception cref="DatabaseException">This version cannot work on such a database.</exception>
    Task SetUpAsync(CancellationToken ct);

    /// <summary>Learns the time that all nodes go by, again and again since clocks drift.</summary>
    Task SetClockAsync(CancellationToken ct);

    /// <summary>What the operator should mend although the database serves; null where nothing is.</summary>
    string? Warning { get; }

    /// <summary>Does work that one node at a time has to do; leaves it where another one is at it.</summary>
    Task RunAloneAsync(Func<Task> work, CancellationToken ct);

    /// <summary>Why the database cannot be read, in a few words for the operator; null when it can be.</summary>
    Task<string?> FindTroubleAsync(CancellationToken ct);
}
