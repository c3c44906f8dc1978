using System.Collections.Concurrent;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;
using OAuthMcp.Infrastructure.Remote;
using Polly.Timeout;

namespace OAuthMcp.Infrastructure.Upstream;

/// <summary>
/// The configured providers. Each has a time budget and a limit of parallel calls, so that a slow one delays its own users alone.
/// </summary>
internal sealed class UpstreamProviders(RemoteHttp http, TimeProvider time) : IUpstreamProviders, IDisposable
{
    private const int CallsAtATime = 64;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(8); // whoever waits for a page has ten

    private readonly ConcurrentDictionary<string, Line> lines = new();

    public Task<Result<string>> BeginAsync(UpstreamProvider provider, UpstreamAuthorization authorization, CancellationToken ct) =>
        CallAsync<Result<string>>(
            provider,
            async (protocol, budget) => await protocol.BeginAsync(authorization, budget),
            why => OAuthError.UpstreamFailed(why),
            ct
        );

    public Task<Result<UpstreamIdentity>> RedeemAsync(UpstreamProvider provider, UpstreamCode code, CancellationToken ct) =>
        CallAsync(provider, (protocol, budget) => protocol.RedeemAsync(code, budget), why => OAuthError.UpstreamFailed(why), ct);

    public Task<UpstreamRenewal> RenewAsync(UpstreamProvider provider, UpstreamToken token, CancellationToken ct) =>
        CallAsync(provider, (protocol, budget) => protocol.RenewAsync(token, budget), why => new UpstreamRenewal.Unavailable(why), ct);

    public Task<bool> RevokeAsync(UpstreamProvider provider, UpstreamToken token, CancellationToken ct) =>
        CallAsync(provider, (protocol, budget) => protocol.RevokeAsync(token, budget), _ => false, ct);

    public void Dispose()
    {
        foreach (var line in lines.Values)
            line.Dispose();
    }

    private async Task<T> CallAsync<T>(
        UpstreamProvider provider,
        Func<IUpstreamProtocol, CancellationToken, Task<T>> call,
        Func<string, T> failed,
        CancellationToken ct
    )
    {
        var line = lines.GetOrAdd(provider.Name, _ => new Line(provider, http, time));
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(ct);
        budget.CancelAfter(Budget);
        try
        {
            using var place = await line.EnterAsync(budget.Token);
            return await call(line.Protocol, budget.Token);
        }
        catch (Exception failure)
            when (!ct.IsCancellationRequested
                && failure
                    is RemoteException
                        or HttpRequestException
                        or TimeoutRejectedException
                        or OperationCanceledException
                        or IOException
            )
        {
            return failed($"{provider.Name}: {RemoteException.Describe(failure)}");
        }
    }

    private sealed class Line(UpstreamProvider provider, RemoteHttp http, TimeProvider time) : IDisposable
    {
        private readonly SemaphoreSlim places = new(CallsAtATime);

        public IUpstreamProtocol Protocol { get; } =
            provider.Kind.Protocol == ProviderProtocol.GitHub
                ? new GitHubProvider(provider, http)
                : new OidcProvider(
                    provider,
                    new RemoteIssuer(provider.BaseUrl, provider.Kind.MayAddSlash, hasKeys: true, http, time),
                    http,
                    time
                );

        public async Task<IDisposable> EnterAsync(CancellationToken ct)
        {
            await places.WaitAsync(ct);
            return new Place(places);
        }

        public void Dispose() => places.Dispose();
    }

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}
