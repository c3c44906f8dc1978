using System.Text;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Commands;

/// <summary>Secrets that a verb takes: never from its arguments, which every user of the machine can read.</summary>
internal static class HiddenInput
{
    /// <summary>A line of standard input, or one that is typed without being shown. Null for an empty one.</summary>
    public static Secret? Read(string prompt)
    {
        if (Console.IsInputRedirected)
            return Secret.OrNull(Console.In.ReadLine());
        Console.Error.Write(prompt);
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
                typed.Length = Math.Max(0, typed.Length - 1);
            else
                typed.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        return Secret.OrNull(typed.ToString());
    }
}
