using System.Net;
using System.Text.Json;

namespace OAuthMcp.Api.Doctor;

/// <summary>Whether the server is there under its name, with the right time, and whether it believes strangers about its name.</summary>
internal static class ConnectionChecks
{
    public const string Reach = "reach";

    private static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Noted = TimeSpan.FromSeconds(5);

    public static IReadOnlyList<Check> All { get; } =
    [
        new(Reach, ReachAsync),
        new("ready", ReadyAsync),
        new("tls", CertificateCheck.LookAsync),
        new("clock", ClockAsync),
        new("host", HostAsync),
        new("forwarded", ForwardedAsync),
    ];

    private static async Task<Finding> ReachAsync(Visit visit, CancellationToken ct)
    {
        using var answer = await visit.SendAsync(visit.Request(HttpMethod.Get, "/health/live"), ct);
        visit.IsReached = true;
        var length = (await answer.Content.ReadAsByteArrayAsync(ct)).Length;
        return answer.StatusCode == HttpStatusCode.OK ? Finding.Ok($"{visit.Url} answers.")
            : answer.StatusCode == HttpStatusCode.NotFound
                ? Finding.Note($"{visit.Url} answers, and has no /health/live: the proxy keeps it, or this is another server.")
            : Answers.Explain(
                answer,
                length,
                "Look at the log of the proxy: it did not get this answer from the server, or the server is ill."
            );
    }

    private static async Task<Finding> ReadyAsync(Visit visit, CancellationToken ct)
    {
        using var answer = await visit.SendAsync(visit.Request(HttpMethod.Get, "/health/ready"), ct);
        if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable))
            return Finding.Skip($"/health/ready is {Answers.Status(answer)}.");
        using var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(ct));
        return answer.StatusCode == HttpStatusCode.ServiceUnavailable
                ? Finding.Fault(
                    $"It is not ready: {body.RootElement.Text("reason") ?? body.RootElement.Text("status")}",
                    "Mend that; the server goes on by itself then."
                )
            : body.RootElement.Text("warning") is { } warning ? Finding.Note(warning)
            : Finding.Ok("It has all that it needs to serve.");
    }

    private static async Task<Finding> ClockAsync(Visit visit, CancellationToken ct)
    {
        using var answer = await visit.SendAsync(visit.Request(HttpMethod.Get, "/health/live"), ct);
        if (answer.Headers.Date is not { } there)
            return Finding.Note("The answer has no Date.");
        var off = (there - TimeProvider.System.GetUtcNow()).Duration();
        var seen = $"The server's clock and the one here are {off.TotalSeconds:0} s apart.";
        return off > Tolerated ? Finding.Fault(seen, "Set both by NTP: tokens would be expired, or not valid yet, for clients that look.")
            : off > Noted ? Finding.Note(seen, "Set both by NTP.")
            : Finding.Ok("The server's clock and the one here agree.");
    }

    // RFC 9700 §4.13: a name that a request brings must not end up in what others read.
    private static async Task<Finding> HostAsync(Visit visit, CancellationToken ct)
    {
        var request = visit.Request(HttpMethod.Get, DiscoveryChecks.ResourceMetadata);
        request.Headers.Host = Visit.Stranger;
        try
        {
            using var answer = await visit.SendAsync(request, ct);
            return await IsEchoedAsync(answer, ct)
                ? Finding.Fault(
                    "The metadata names whatever Host a request has.",
                    "Do not let the proxy rewrite answers; set OAuth:PublicUrl."
                )
                : Finding.Ok($"A request for another host is not served ({(int)answer.StatusCode}).");
        }
        catch (HttpRequestException)
        {
            return Finding.Ok("A request for another host is not served."); // not even TLS has that name
        }
    }

    private static async Task<Finding> ForwardedAsync(Visit visit, CancellationToken ct)
    {
        using var answer = await visit.SendAsync(
            visit.Request(
                HttpMethod.Get,
                DiscoveryChecks.ResourceMetadata,
                ("X-Forwarded-Host", Visit.Stranger),
                ("X-Original-Host", Visit.Stranger),
                ("Forwarded", $"host={Visit.Stranger};proto=http")
            ),
            ct
        );
        return await IsEchoedAsync(answer, ct)
            ? Finding.Fault(
                "The metadata names whatever X-Forwarded-Host a request has.",
                "Let the proxy set X-Forwarded-Host itself, and do not let it rewrite answers."
            )
            : Finding.Ok("X-Forwarded-Host changes nothing.");
    }

    private static async Task<bool> IsEchoedAsync(HttpResponseMessage answer, CancellationToken ct) =>
        answer.IsSuccessStatusCode && (await answer.Content.ReadAsStringAsync(ct)).Contains(Visit.Stranger, StringComparison.Ordinal);
}
