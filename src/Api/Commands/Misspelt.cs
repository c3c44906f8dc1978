using System.CommandLine;
using OAuthMcp.Api.Configuration;

namespace OAuthMcp.Api.Commands;

/// <summary>Says which verbs or options exist where an unknown one was given, and which of them was probably meant.</summary>
internal static class Misspelt
{
    /// <exception cref="ConfigurationException">The arguments are not as the command takes them.</exception>
    public static void ThrowIfAny(ParseResult parsed)
    {
        if (parsed.Errors is [var error, ..])
            throw new ConfigurationException(Explain(parsed) ?? error.Message);
    }

    private static string? Explain(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens.FirstOrDefault(token => token.StartsWith('-')) is { } option)
            return $"There is no option {option}. {Instead(option, Options(parsed))}";
        if (command.Subcommands.Count == 0)
            return null;
        var verbs = command.Subcommands.Select(verb => verb.Name).ToList();
        return parsed.UnmatchedTokens is [var word, ..] ? $"There is no verb {word}. {Instead(word, verbs)}"
            : command is RootCommand ? null
            : $"{command.Name} needs a verb: {string.Join(", ", verbs)}.";
    }

    // The options of the command, and those of the commands above it that it inherits.
    private static List<string> Options(ParseResult parsed) =>
        [
            .. Enumerable
                .Concat(
                    parsed.CommandResult.Command.Options,
                    parsed
                        .CommandResult.Command.Parents.SelectMany(Above)
                        .SelectMany(parent => parent.Options)
                        .Where(option => option.Recursive)
                )
                .Where(option => !option.Hidden)
                .Select(option => option.Name)
                .Distinct(),
        ];

    private static IEnumerable<Command> Above(Symbol symbol) =>
        symbol is Command command ? command.Parents.SelectMany(Above).Prepend(command) : [];

    private static string Instead(string word, IReadOnlyList<string> known) =>
        $"There are {string.Join(", ", known)}."
        + (
            known.MinBy(name => Distance(word, name)) is { } nearest && Distance(word, nearest) <= Math.Max(2, nearest.Length / 3)
                ? $" Did you mean {nearest}?"
                : ""
        );

    /// <summary>How many letters to change, add or take away (Levenshtein).</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var (corner, left) = (row[0], i);
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                left = Math.Min(Math.Min(row[j], left) + 1, corner + (from[i - 1] == to[j - 1] ? 0 : 1));
                (corner, row[j]) = (row[j], left);
            }
        }

        return row[^1];
    }
}
