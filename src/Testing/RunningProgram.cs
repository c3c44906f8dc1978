using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace OAuthMcp.Testing;

/// <summary>
/// A program that was written to be started from a shell, run in this process from its entry point to its end. It says nothing of the
/// host that it builds, but the framework does, to whoever listens (<c>Microsoft.Extensions.Hosting</c> of DiagnosticListener).
/// </summary>
internal sealed class RunningProgram : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // Programs start side by side, and everybody hears of every host.
    private static readonly AsyncLocal<RunningProgram?> Current = new();

    private readonly IReadOnlyDictionary<string, string> keys;
    private readonly Action<IServiceCollection> configure;
    private readonly List<IDisposable> subscriptions = [];
    private readonly TaskCompletionSource<IHost> built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunningProgram(IReadOnlyDictionary<string, string> keys, Action<IServiceCollection> configure) =>
        (this.keys, this.configure) = (keys, configure);

    public IServiceProvider Services => built.Task.Result.Services;

    // Taken when the host is built: a program that ends at once takes its services along.
    private IHostApplicationLifetime Lifetime { get; set; } = null!;

    /// <summary>Until it serves.</summary>
    /// <param name="keys">Of the configuration, which it is given as its arguments.</param>
    /// <param name="configure">Called when it has added its services.</param>
    /// <exception cref="InvalidOperationException">It ended instead.</exception>
    public static async Task<RunningProgram> StartAsync(
        Assembly program,
        IReadOnlyDictionary<string, string> keys,
        Action<IServiceCollection> configure
    )
    {
        var name = program.GetName().Name;
        var main = program.EntryPoint ?? throw new InvalidOperationException($"{name} is no program: it has no entry point.");
        var running = new RunningProgram(keys, configure);
        running.subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(running));
        string[] arguments =
        [
            $"--applicationName={name}",
            $"--contentRoot={AppContext.BaseDirectory}", // where its appsettings.json is copied to
            "--environment=Development",
            "--hostBuilder:reloadConfigOnChange=false",
            .. keys.Select(pair => $"--{pair.Key}={pair.Value}"),
        ];
        new Thread(() => running.Run(main, arguments)) { IsBackground = true, Name = name }.Start();
        try
        {
            await running.UnlessEndedAsync(running.built.Task);
        }
        finally
        {
            running.subscriptions.ForEach(subscription => subscription.Dispose());
        }

        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (running.Lifetime.ApplicationStarted.Register(started.SetResult))
            await running.UnlessEndedAsync(started.Task);
        return running;
    }

    public async Task StopAsync()
    {
        if (!ended.Task.IsCompleted)
            Lifetime.StopApplication();
        await ended.Task.WaitAsync(Patience);
    }

    void IObserver<DiagnosticListener>.OnNext(DiagnosticListener value)
    {
        if (Current.Value == this && value.Name == "Microsoft.Extensions.Hosting")
            subscriptions.Add(value.Subscribe(this));
    }

    void IObserver<KeyValuePair<string, object?>>.OnNext(KeyValuePair<string, object?> value)
    {
        if (Current.Value != this)
            return;
        if (value is { Key: "HostBuilding", Value: IHostBuilder builder })
            builder.ConfigureServices((context, services) => Configure(context.Configuration, services));
        else if (value is { Key: "HostBuilt", Value: IHost host })
        {
            Lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
            built.TrySetResult(host);
        }
    }

    void IObserver<DiagnosticListener>.OnCompleted() { }

    void IObserver<DiagnosticListener>.OnError(Exception error) { }

    void IObserver<KeyValuePair<string, object?>>.OnCompleted() { }

    void IObserver<KeyValuePair<string, object?>>.OnError(Exception error) { }

    // A program that takes no notice of its keys would touch data that are not the test's.
    private void Configure(IConfiguration configuration, IServiceCollection services)
    {
        if (keys.Any(pair => configuration[pair.Key] != pair.Value))
            throw new InvalidOperationException("The program must hand its arguments on, to WebApplication.CreateBuilder(args).");
        configure(services);
    }

    private void Run(MethodInfo main, string[] arguments)
    {
        Current.Value = this;
        try
        {
            var code = main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, main.GetParameters() is [] ? [] : [arguments], null);
            ended.SetResult(code as int? ?? 0);
        }
        catch (Exception failure)
        {
            ended.SetException(failure);
        }
    }

    private async Task UnlessEndedAsync(Task wanted)
    {
        await Task.WhenAny(wanted, ended.Task).WaitAsync(Patience);
        if (!wanted.IsCompleted)
            throw new InvalidOperationException($"The program ended with {await ended.Task} before it served; standard error says why.");
    }
}
