using System.CommandLine;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Doctor;

namespace OAuthMcp.Api.Commands;

/// <summary>The verb that looks at a running server and says what to change.</summary>
/// <param name="compose">Makes the services of the server that it looks at, without a log.</param>
internal sealed class DoctorCommand(Func<ParseResult, WebApplication> compose, Func<ParseResult, IConfiguration> configuration)
{
    public Command Verb()
    {
        var url = new Argument<string?>("url")
        {
            Description = "The server as clients know it. Without one it is this configuration's, and its data is looked at too.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var isReady = new Option<bool>("--ready")
        {
            Description = "Ask /health/ready where this configuration listens, and nothing else: the health check of a container.",
        };
        var verb = new Command("doctor", "Look at a running server as clients do, and say what to change. Exit code 1 on a fault.")
        {
            url,
            isReady,
        };
        verb.SetAction(
            (parsed, ct) =>
                parsed.GetValue(isReady)
                    ? ReadyLook.AskAsync(configuration(parsed), ct)
                    : ExamineAsync(parsed.GetValue(url), () => compose(parsed), parsed.GetValue(AdminVerb.Json), ct)
        );
        return verb;
    }

    private static async Task<int> ExamineAsync(string? url, Func<WebApplication> compose, bool isJson, CancellationToken ct)
    {
        var given = url is null ? null : Parse(url);
        var report = new DoctorReport(isJson);
        try
        {
            await using var app = compose();
            var settings = app.Services.GetRequiredService<ServerSettings>();
            var isOurs = given is null || given.GetLeftPart(UriPartial.Authority) == settings.OAuth.Issuer;
            return await RunAsync(given ?? settings.PublicUrl, isOurs ? LocalChecks.Of(app.Services) : [], report, ct);
        }
        catch (ConfigurationException) when (given is not null)
        {
            return await RunAsync(given, [], report, ct); // a server elsewhere needs no configuration here
        }
        catch (ConfigurationException failure)
        {
            foreach (var fault in failure.Faults)
                await report.AddAsync(new CheckedFinding("configuration", Verdict.Fault, fault, null));
            return await report.EndAsync(url ?? "");
        }
    }

    private static async Task<int> RunAsync(Uri url, IReadOnlyList<Check> local, DoctorReport report, CancellationToken ct)
    {
        using var visit = new Visit(url);
        IReadOnlyList<Check> checks = [.. local, .. Examination.Outside];
        report.Begin(checks);
        await foreach (var finding in Examination.RunAsync(visit, checks, ct))
            await report.AddAsync(finding);
        return await report.EndAsync(visit.Url);
    }

    private static Uri Parse(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new ConfigurationException("doctor: the URL of a server is such as https://mcp.example.com.");
}
