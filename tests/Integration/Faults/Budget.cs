using System.Globalization;

namespace OAuthMcp.Integration.Faults;

/// <summary>How long things may take: what the product promises, and what a machine adds that has other things to do.</summary>
internal static class Budget
{
    /// <summary>For statements of tests that are not about time.</summary>
    public const string Patient = ";Timeout=60;Command Timeout=60;Options=-c statement_timeout=60000";

    /// <summary>A request while the database is in trouble.</summary>
    public static TimeSpan Request => TimeSpan.FromSeconds(3) + Slack;

    /// <summary>A question that needs nothing, on a machine that is busy.</summary>
    public static TimeSpan Glance => TimeSpan.FromSeconds(1) + Slack;

    /// <summary>From the return of the database to the first request that is served.</summary>
    public static TimeSpan Recovery => TimeSpan.FromSeconds(5) + Slack;

    private static TimeSpan Slack => TimeSpan.FromSeconds(0.5 + (1.5 * Load / Environment.ProcessorCount));

    private static double Load => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
}
