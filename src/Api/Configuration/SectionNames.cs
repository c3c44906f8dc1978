using System.Text.Json;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;

namespace OAuthMcp.Api.Configuration;

/// <summary>
/// The sections of the configuration by name. A misspelt key is found when its section is read, but nobody would read a misspelt
/// section.
/// </summary>
internal static class SectionNames
{
    /// <summary>All of them, as the alternatives of a regular expression.</summary>
    public const string Pattern =
        "Server|OAuth|Upstream|Authority|Accounts|Audit|Branding|Protection|Mcp|Limits|Downstream|ConnectionStrings|Serilog|Logging";

    private static readonly string[] Own = Pattern.Split('|');

    /// <exception cref="ConfigurationException">A file or variable holds a section whose name is nearly one of these.</exception>
    public static void ThrowIfMisspelt(IConfigurationRoot configuration)
    {
        var faults = new FoundFaults();
        foreach (var provider in configuration.Providers)
        foreach (var name in provider.GetChildKeys([], null).Distinct(StringComparer.OrdinalIgnoreCase))
            if (Meant(name) is { } meant && WhereIs(provider, name) is { } place)
                faults.Add($"{place}: {name} is no section of the configuration; {meant} is.");
        faults.ThrowIfAny();
    }

    /// <summary>What is wrong with a file, without quoting it.</summary>
    public static string Explain(InvalidDataException failure) =>
        $"{failure.Message.TrimEnd('.')}: "
        + (
            (failure.InnerException?.InnerException ?? failure.InnerException) is JsonException { LineNumber: { } line }
                ? $"it is no JSON at line {line + 1}."
                : failure.InnerException?.Message
        );

    private static string? WhereIs(IConfigurationProvider provider, string name) =>
        provider switch
        {
            JsonConfigurationProvider { Source.Path: var file } => file,
            // A variable without __ belongs to another program.
            EnvironmentVariablesConfigurationProvider when provider.GetChildKeys([], name).FirstOrDefault() is { } key => $"{name}__{key}",
            _ => null,
        };

    private static string? Meant(string name) =>
        Own.Contains(name, StringComparer.OrdinalIgnoreCase) ? null : Own.FirstOrDefault(own => IsNear(name, own, own.Length > 5 ? 2 : 1));

    private static bool IsNear(string name, string own, int slips) =>
        Math.Abs(name.Length - own.Length) <= slips && Distance(name.ToUpperInvariant(), own.ToUpperInvariant()) <= slips;

    // Counts letters that are missing, surplus, wrong or swapped (Damerau and Levenshtein).
    private static int Distance(string left, string right)
    {
        var costs = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        for (var j = 0; j <= right.Length; j++)
        {
            if (i == 0 || j == 0)
            {
                costs[i, j] = i + j;
                continue;
            }

            var change = left[i - 1] == right[j - 1] ? 0 : 1;
            costs[i, j] = Math.Min(Math.Min(costs[i - 1, j], costs[i, j - 1]) + 1, costs[i - 1, j - 1] + change);
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                costs[i, j] = Math.Min(costs[i, j], costs[i - 2, j - 2] + 1);
        }

        return costs[left.Length, right.Length];
    }
}
