using OAuthMcp.Api.Configuration;

namespace OAuthMcp.Api.Hosting;

/// <summary>
/// Why a program of one's own cannot start, kept until it runs: thrown from between its lines, it would end in a stack trace.
/// </summary>
internal sealed class StartFault : IHostedLifecycleService
{
    public ConfigurationException? Reason { get; private set; }

    /// <summary>Acts, unless something was wrong before.</summary>
    public void Catch(Action act)
    {
        if (Reason is not null)
            return;
        try
        {
            act();
        }
        catch (ConfigurationException failure)
        {
            Reason = failure;
        }
    }

    /// <exception cref="ConfigurationException">Something was wrong.</exception>
    public void ThrowIfAny()
    {
        if (Reason is not null)
            throw Reason;
    }

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        ThrowIfAny(); // whoever runs it some other way gets the exception
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
