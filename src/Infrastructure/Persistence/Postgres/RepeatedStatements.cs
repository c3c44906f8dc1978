using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace OAuthMcp.Infrastructure.Persistence.Postgres;

/// <summary>
/// Repeats single statements of EF Core. Inside of a transaction nothing can be repeated but the whole of it. Failures come out as
/// they are, where the provider's own strategy would wrap those of the network.
/// </summary>
internal sealed class RepeatedStatements(ExecutionStrategyDependencies dependencies) : IExecutionStrategy
{
    private DbContext Context => dependencies.CurrentContext.Context;

    /// <summary>Would make EF Core read each result to its end first, and is asked before there is a context to look at.</summary>
    public bool RetriesOnFailure => false;

    public TResult Execute<TState, TResult>(
        TState state,
        Func<DbContext, TState, TResult> operation,
        Func<DbContext, TState, ExecutionResult<TResult>>? verifySucceeded
    ) => operation(Context, state);

    public Task<TResult> ExecuteAsync<TState, TResult>(
        TState state,
        Func<DbContext, TState, CancellationToken, Task<TResult>> operation,
        Func<DbContext, TState, CancellationToken, Task<ExecutionResult<TResult>>>? verifySucceeded,
        CancellationToken cancellationToken = default
    ) =>
        Context.Database.CurrentTransaction is null
            ? Conflicts.RepeatAsync(() => operation(Context, state, cancellationToken), () => { }, isTransaction: false)
            : operation(Context, state, cancellationToken);
}
