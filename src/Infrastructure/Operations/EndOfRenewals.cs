using Microsoft.Extensions.Hosting;
using OAuthMcp.Application.Upstream;

namespace OAuthMcp.Infrastructure.Operations;

/// <summary>Ends renewals with the host: after the last request and before the database is closed.</summary>
internal sealed class EndOfRenewals(IUpstreamRenewals renewals) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => renewals.EndAsync(cancellationToken);
}
