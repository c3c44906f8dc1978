using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OAuthMcp.Application.Telemetry;

/// <summary>
/// What this server measures of itself, for whoever listens; while nobody does, a count costs a look at a flag. Every attribute is one
/// of a few words of this program or of its configuration, and never what somebody sent.
/// </summary>
internal static class Instruments
{
    /// <summary>The name of the source of spans, and of the meter.</summary>
    public const string Name = "OAuthMcp";

    /// <summary>For what has none of the known words.</summary>
    public const string Other = "_OTHER";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> TokensIssued = Meter.CreateCounter<long>(
        "oauthmcp.tokens.issued",
        "{answer}",
        "Answers of the token endpoint with tokens."
    );

    private static readonly Counter<long> TokensRefused = Meter.CreateCounter<long>(
        "oauthmcp.tokens.refused",
        "{answer}",
        "Answers of the token endpoint without."
    );

    private static readonly Counter<long> SignIns = Meter.CreateCounter<long>("oauthmcp.signins", "{attempt}", "Attempts to sign in.");

    private static readonly Counter<long> ToolCalls = Meter.CreateCounter<long>("oauthmcp.tool_calls", "{call}", "Calls of tools.");

    private static readonly Counter<long> UpstreamRefreshes = Meter.CreateCounter<long>(
        "oauthmcp.upstream_refreshes",
        "{attempt}",
        "Attempts to renew a user's token at a provider."
    );

    public static ActivitySource Source { get; } = new(Name);

    /// <param name="grant">The grant type.</param>
    public static void Issued(string grant) => TokensIssued.Add(1, Tag("oauthmcp.grant", grant));

    /// <param name="error">The code of the error.</param>
    public static void Refused(string grant, string error) => TokensRefused.Add(1, Tag("oauthmcp.grant", grant), Tag("error.type", error));

    /// <param name="method">password, code, passkey or provider.</param>
    /// <param name="outcome">signed_in, needs_code, refused or locked_out.</param>
    public static void SignedIn(string method, string outcome) =>
        SignIns.Add(1, Tag("oauthmcp.signin.method", method), Tag("oauthmcp.outcome", outcome));

    /// <param name="tool">One that there is, or <see cref="Other"/>.</param>
    /// <param name="outcome">served, error, refused or failed.</param>
    public static void Called(string tool, string outcome) =>
        ToolCalls.Add(1, Tag("gen_ai.tool.name", tool), Tag("oauthmcp.outcome", outcome));

    /// <param name="provider">Its name in the configuration.</param>
    /// <param name="outcome">renewed, refused or unavailable.</param>
    public static void Refreshed(string provider, string outcome) =>
        UpstreamRefreshes.Add(1, Tag("oauthmcp.provider", provider), Tag("oauthmcp.outcome", outcome));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
