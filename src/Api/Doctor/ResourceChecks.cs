using System.Net;
using System.Text.RegularExpressions;

namespace OAuthMcp.Api.Doctor;

/// <summary>The protected endpoint as somebody without a good token meets it.</summary>
internal static partial class ResourceChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [new("challenge", ChallengeAsync), new("authorization header", HeaderAsync), new("origin", OriginAsync)];

    [GeneratedRegex("resource_metadata=\"(?<url>[^\"]*)\"")]
    private static partial Regex MetadataUrl { get; }

    // RFC 9728 §5.1: the first thing that most clients see
    private static async Task<Finding> ChallengeAsync(Visit visit, CancellationToken ct)
    {
        using var answer = await visit.SendAsync(visit.Message(), ct);
        if (answer.StatusCode != HttpStatusCode.Unauthorized)
            return answer.IsSuccessStatusCode
                ? Finding.Fault(
                    "/mcp answers without a token.",
                    "Whatever answers is not this server, or brings a token of its own: remove it."
                )
                : Answers.Explain(
                    answer,
                    (await answer.Content.ReadAsByteArrayAsync(ct)).Length,
                    "Let the proxy send POST /mcp to the server, and its 401 back."
                );
        if (answer.Headers.WwwAuthenticate.SingleOrDefault(challenge => challenge.Scheme == "Bearer") is not { } bearer)
            return Finding.Fault(
                "401 without a Bearer challenge.",
                "Let the proxy pass WWW-Authenticate on, and ask for no sign-in of its own."
            );
        var expected = visit.Url + DiscoveryChecks.ResourceMetadata;
        return MetadataUrl.Match(bearer.Parameter ?? "") is not { Success: true } match
                ? Finding.Fault("The challenge lacks resource_metadata.", "Let the proxy pass WWW-Authenticate on as it is.")
            : match.Groups["url"].Value != expected
                ? Finding.Fault($"The challenge names {match.Groups["url"].Value}, not {expected}.", $"Set OAuth:PublicUrl to {visit.Url}.")
            : Finding.Ok("401 with a challenge that names the metadata.");
    }

    private static async Task<Finding> HeaderAsync(Visit visit, CancellationToken ct)
    {
        using var answer = await visit.SendAsync(visit.Message(("Authorization", "Bearer doctor")), ct);
        return
            answer.StatusCode == HttpStatusCode.Unauthorized
            && answer.Headers.WwwAuthenticate.ToString().Contains("error=\"invalid_token\"", StringComparison.Ordinal)
            ? Finding.Ok("An invented token is refused as invalid_token.")
            : Finding.Fault(
                $"An invented token is answered as if none had come ({(int)answer.StatusCode}).",
                "Let the proxy pass the Authorization header on, and its answer back."
            );
    }

    // MCP streamable HTTP, "Security Warning"
    private static async Task<Finding> OriginAsync(Visit visit, CancellationToken ct)
    {
        using var answer = await visit.SendAsync(visit.Message(("Origin", $"https://{Visit.Stranger}")), ct);
        return answer.StatusCode == HttpStatusCode.Forbidden
            ? Finding.Ok("Foreign web pages are kept out of /mcp.")
            : Finding.Fault(
                $"A foreign web page is not refused at /mcp ({(int)answer.StatusCode}).",
                "Let the proxy pass the Origin header on."
            );
    }
}
