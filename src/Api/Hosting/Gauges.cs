using System.Diagnostics.Metrics;
using OAuthMcp.Application.Telemetry;
using OAuthMcp.Application.Tokens;

namespace OAuthMcp.Api.Hosting;

/// <summary>What can be looked at when it is asked for, of this one server. Nothing where another one issues the tokens.</summary>
internal sealed class Gauges : IDisposable
{
    private readonly Meter meter = new(Instruments.Name);

    public Gauges(TimeProvider time, IEnumerable<IKeySet> keys, IEnumerable<IRevocations> revocations)
    {
        meter.CreateObservableGauge(
            "oauthmcp.signing_key.age",
            () => Seconds(keys.Select(set => time.GetUtcNow() - set.SigningSince)),
            "s",
            "How long the present key has been signing."
        );
        meter.CreateObservableGauge(
            "oauthmcp.revocations.lag",
            () => Seconds(revocations.Select(feed => feed.Lag)),
            "s",
            "How long ago this server last knew every revocation."
        );
    }

    public void Dispose() => meter.Dispose();

    private static IEnumerable<Measurement<double>> Seconds(IEnumerable<TimeSpan?> times) =>
        times.OfType<TimeSpan>().Select(time => new Measurement<double>(time.TotalSeconds));
}
