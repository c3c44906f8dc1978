using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace OAuthMcp.Infrastructure.Persistence.Postgres;

/// <summary>What PostgreSQL gave up in favour of another is done again, a few times at most.</summary>
internal static class Conflicts
{
    private const int MostRepeats = 3;

    /// <param name="forget">Called before the work is repeated.</param>
    /// <param name="isTransaction">Whether it reads first, so that it finds the next time what another one did before it.</param>
    public static async Task<T> RepeatAsync<T>(Func<Task<T>> work, Action forget, bool isTransaction)
    {
        for (var repeats = 0; ; repeats++)
        {
            try
            {
                return await work();
            }
            catch (Exception failure) when (repeats < MostRepeats && IsConflict(failure, isTransaction))
            {
                forget(); // the last failure is thrown
            }
        }
    }

    private static bool IsConflict(Exception failure, bool isTransaction) =>
        failure is DbUpdateConcurrencyException
            ? isTransaction
            : (failure as PostgresException ?? failure.InnerException as PostgresException)?.SqlState switch
            {
                PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected => true,
                PostgresErrorCodes.UniqueViolation => isTransaction,
                _ => false,
            };
}
