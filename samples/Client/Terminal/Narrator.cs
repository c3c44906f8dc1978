using System.Globalization;
using OAuthMcp.Client.OAuth;
using Spectre.Console;

namespace OAuthMcp.Client.Terminal;

/// <summary>Tells the person what happens, on standard error: standard output holds what the tools answer.</summary>
internal sealed class Narrator
{
    private readonly IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    // Without a terminal nothing is wrapped: a URL stays whole.
    public Narrator() => console.Profile.Width = Console.IsErrorRedirected ? short.MaxValue : console.Profile.Width;

    public void Step(string text) => console.MarkupLineInterpolated($"[grey]·[/] {Printable(text)}");

    public void Done(string text) => console.MarkupLineInterpolated($"[green]✓[/] {Printable(text)}");

    public void Warn(string text) => console.MarkupLineInterpolated($"[yellow]![/] {Printable(text)}");

    public void Fail(string text) => console.MarkupLineInterpolated($"[red]✗[/] {Printable(text)}");

    public void Exchange(string text) => console.MarkupLineInterpolated($"[grey]{Printable(text)}[/]");

    /// <summary>The authorization URL.</summary>
    public void Link(Uri url, bool isOpen)
    {
        Step(isOpen ? "Your browser opens; if it does not, open this URL:" : "Open this URL in a browser:");
        Show(url);
    }

    /// <summary>A URL, whole and alone on its line, since somebody may have to read or copy it.</summary>
    public static void Show(Uri url) => Console.Error.WriteLine(url.AbsoluteUri);

    /// <returns>What was pasted; null at the end of input.</returns>
    public Task<string?> AskForAnswerAsync(CancellationToken ct) =>
        AskAsync("The browser ends on a page that it cannot open. Paste that page's whole URL here:", ct);

    /// <returns>The person's line; null at the end of input.</returns>
    public async Task<string?> AskAsync(string question, CancellationToken ct)
    {
        Step(question);
        return await Task.Run(Console.In.ReadLine, ct).WaitAsync(ct); // a read of the terminal cannot be cancelled itself
    }

    public static string Until(Tokens tokens) =>
        tokens.ExpiresAt is { } end ? string.Create(CultureInfo.InvariantCulture, $", until {end.ToLocalTime():yyyy-MM-dd HH:mm}") : "";

    /// <summary>Without control and formatting characters: what servers send must not steer the terminal.</summary>
    public static string Printable(string text) =>
        string.Concat(text.Where(c => c is '\n' or '\t' || (!char.IsControl(c) && char.GetUnicodeCategory(c) != UnicodeCategory.Format)));
}
