using System.Text.Json;
using System.Text.Json.Serialization;
using OAuthMcp.Api.Doctor;

namespace OAuthMcp.Api.Commands;

/// <summary>
/// What the doctor says: a line for each check as it is found, or all of them as JSON at the end. Progress is on standard error.
/// </summary>
internal sealed class DoctorReport(bool isJson)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(15);

    private readonly List<CheckedFinding> found = [];
    private IReadOnlyList<Check> checks = [];

    public void Begin(IReadOnlyList<Check> all)
    {
        checks = all;
        Announce();
    }

    public async Task AddAsync(CheckedFinding finding)
    {
        found.Add(finding);
        if (!isJson)
            await Console.Out.WriteLineAsync(
                $"{Mark(finding.Verdict)} {finding.Check, -22}{finding.Seen}{(finding.Change is { } change ? $" Change: {change}" : "")}"
            );
        Announce();
    }

    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync(string url)
    {
        var faults = found.Count(finding => finding.Verdict == Verdict.Fault);
        var notes = found.Count(finding => finding.Verdict == Verdict.Note);
        await Console.Out.WriteLineAsync(
            isJson
                ? JsonSerializer.Serialize(
                    new
                    {
                        Url = url,
                        Faults = faults,
                        Checks = found,
                    },
                    Json
                )
                : $"{found.Count} checks of {url}: {faults} faults, {notes} notes."
        );
        return faults > 0 ? 1 : 0;
    }

    // The lines themselves are progress, but for one that takes long.
    private void Announce()
    {
        if (checks.Count > found.Count && checks[found.Count] is var next && (isJson || next.Patience > Long))
            Console.Error.WriteLine($"{found.Count + 1}/{checks.Count} {next.Name}, {next.Patience.TotalSeconds:0} s at most");
    }

    private static string Mark(Verdict verdict) =>
        verdict switch
        {
            Verdict.Ok => "ok   ",
            Verdict.Note => "note ",
            Verdict.Fault => "FAULT",
            _ => "-    ",
        };
}
