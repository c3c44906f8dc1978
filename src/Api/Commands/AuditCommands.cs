using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Application.Audit;

namespace OAuthMcp.Api.Commands;

/// <summary>The verb that reads the audit trail.</summary>
internal static partial class AuditCommands
{
    [GeneratedRegex("^(?<number>[0-9]{1,6})(?<unit>[smhd])$")]
    private static partial Regex Duration { get; }

    public static Command Audit(AdminVerb admin, TimeProvider time)
    {
        var since = new Option<string?>("--since") { Description = "A duration (30m, 24h, 7d) or a time (2026-03-04T05:06Z)." };
        var subject = new Option<string?>("--subject") { Description = "An account: its id, or the name that was typed." };
        var client = new Option<string?>("--client") { Description = "The id of a client." };
        var what = new Option<string?>("--what") { Description = $"{string.Join(", ", AuditWords.What)}." };
        var limit = new Option<int>("--limit")
        {
            Description = $"How many at most, {ListAuditQuery.MaxLimit} or fewer.",
            DefaultValueFactory = _ => ListAuditQuery.DefaultLimit,
        };
        return new Command("audit", "Read the audit trail.")
        {
            admin.Verb(
                "list",
                "List what happened, the newest first.",
                async (run, ct) =>
                {
                    var query = new ListAuditQuery(
                        Since(run.Value(since), time.GetUtcNow()),
                        run.Value(subject),
                        run.Value(client),
                        run.Value(what),
                        run.Value(limit)
                    );
                    await run.PrintAsync((await run.SendAsync(query, ct)).Events, Line);
                },
                since,
                subject,
                client,
                what,
                limit
            ),
        };
    }

    /// <exception cref="ConfigurationException">It is neither a duration nor a time.</exception>
    internal static DateTimeOffset? Since(string? text, DateTimeOffset now)
    {
        if (text is null)
            return null;
        if (Duration.Match(text) is { Success: true } match)
            return now
                - int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture)
                    * match.Groups["unit"].Value switch
                    {
                        "s" => TimeSpan.FromSeconds(1),
                        "m" => TimeSpan.FromMinutes(1),
                        "h" => TimeSpan.FromHours(1),
                        _ => TimeSpan.FromDays(1),
                    };
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && text.Contains(':') && span > TimeSpan.Zero)
            return now - span;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since)
            ? since
            : throw new ConfigurationException("--since is a duration such as 24h, or a time such as 2026-03-04T05:06Z.");
    }

    // Words that others chose are quoted, and hold no line break or control character.
    private static string Line(ListedEvent happened) =>
        string.Join(
            "  ",
            new[]
            {
                happened.At.ToString("yyyy-MM-dd HH:mm:ss.fffzzz", CultureInfo.InvariantCulture),
                $"{happened.What}{(happened.Act is { } act ? $" {act}" : "")} {happened.Decision}",
                Part("client", happened.ClientId),
                Part("subject", happened.Subject),
                happened.Name is { } name ? $"name=\"{name}\"" : null,
                Part("by", happened.Actor),
                happened.Scope is { Length: > 0 } scope ? $"scope=\"{scope}\"" : null,
                Part("error", happened.Error),
                happened.Reason is { } reason ? $"reason=\"{reason}\"" : null,
                Part("peer", happened.Peer),
                Part("trace", happened.TraceId),
            }.Where(part => part is not null)
        );

    private static string? Part(string name, string? value) => value is null ? null : $"{name}={value}";
}
