using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Operations;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Integration.Stores;

/// <summary>A database for one class of tests, reached by the ports of the application. The derived class says how it is made.</summary>
public abstract class StoreFixture : IAsyncLifetime
{
    private ServiceProvider? services;

    /// <summary>A clock that stands still until a test moves it.</summary>
    internal FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    internal OAuthSettings Settings { get; } =
        new OAuthOptions().Read(
            "https://mcp.example",
            ScopeSet.Of(ScopeSet.Read, ScopeSet.Write),
            ScopeSet.Of(ScopeSet.Read),
            openAuthorizations: 0,
            isLocal: true,
            isDevelopment: false,
            new FoundFaults()
        );

    internal DateTimeOffset Now => Clock.GetUtcNow();

    protected abstract void AddStores(IServiceCollection services);

    /// <summary>Throws the database away.</summary>
    protected abstract void Remove();

    public virtual async ValueTask InitializeAsync()
    {
        var collection = new ServiceCollection().AddLogging().AddSingleton(Settings);
        AddStores(collection);
        collection.AddSingleton<TimeProvider>(Clock); // in place of the databases' own
        services = collection.BuildServiceProvider();
        services.GetRequiredService<DataDirectory>().Prepare();
        await InAsync<Database>(database => database.PrepareAsync(isServer: true, _ => { }, TestContext.Current.CancellationToken));
    }

    /// <summary>What one request has of the ports, for a test that calls several of them.</summary>
    internal AsyncServiceScope Request() => services!.CreateAsyncScope();

    /// <summary>Calls a port as one request does.</summary>
    internal async Task<T> InAsync<TPort, T>(Func<TPort, Task<T>> act)
        where TPort : notnull
    {
        await using var scope = Request();
        return await act(scope.ServiceProvider.GetRequiredService<TPort>());
    }

    internal Task InAsync<TPort>(Func<TPort, Task> act)
        where TPort : notnull =>
        InAsync(
            async (TPort port) =>
            {
                await act(port);
                return true;
            }
        );

    /// <summary>As many requests as that at once; what each of them came to.</summary>
    internal async Task<IReadOnlyList<T>> RaceAsync<TPort, T>(int racers, Func<TPort, int, Task<T>> act)
        where TPort : notnull
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var runs = Enumerable
            .Range(0, racers)
            .Select(racer =>
                InAsync(
                    async (TPort port) =>
                    {
                        await start.Task;
                        return await act(port, racer);
                    }
                )
            )
            .ToList();
        start.SetResult();
        return await Task.WhenAll(runs);
    }

    /// <summary>Forgets every row of the type, for a test that counts them.</summary>
    internal Task EmptyAsync<T>()
        where T : class => InAsync((OAuthDbContext db) => db.Set<T>().ExecuteDeleteAsync(TestContext.Current.CancellationToken));

    public async ValueTask DisposeAsync()
    {
        if (services is not null)
            await services.DisposeAsync();
        Remove();
        GC.SuppressFinalize(this);
    }
}
