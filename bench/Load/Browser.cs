using System.Net;
using System.Text.RegularExpressions;

namespace OAuthMcp.Load;

/// <summary>A user's browser: follows redirects, keeps cookies, signs in and allows where a page asks, and ends with a code.</summary>
internal sealed partial class Browser(Settings settings, Requests requests, Connection connection, string userName)
{
    private Dictionary<string, string> cookies = [];

    [GeneratedRegex(@"<form\b.*?</form>", RegexOptions.Singleline)]
    private static partial Regex Forms { get; }

    [GeneratedRegex("""<input\b[^>]*?\bname="(?<name>[^"]*)"[^>]*?>""", RegexOptions.Singleline)]
    private static partial Regex Inputs { get; }

    [GeneratedRegex("""\bvalue="([^"]*)""")]
    private static partial Regex Values { get; }

    [GeneratedRegex("""^<form\b[^>]*?\baction="([^"]*)""")]
    private static partial Regex Actions { get; }

    /// <summary>A browser with the same session, on a connection of its own.</summary>
    public Browser On(Connection other) => new(settings, requests, other, userName) { cookies = new(cookies) };

    /// <summary>The whole way from /authorize; no code for an answer that leads nowhere.</summary>
    public async ValueTask<(string? Code, Answer Last)> AllowAsync()
    {
        var path = requests.Authorization;
        var request = requests.Get(path, Cookies());
        for (var hops = 0; ; hops++)
        {
            var answer = await connection.SendAsync(request);
            Keep(answer);
            if (answer.Status is 302 or 303 && hops < 20)
            {
                var next = new Uri(new Uri(settings.Server, path), answer.Header("location"));
                if (next.AbsoluteUri.StartsWith(Settings.Callback, StringComparison.Ordinal))
                    return (Code(next), answer);
                path = next.PathAndQuery;
                request = requests.Get(path, Cookies());
            }
            else if (answer.Status == 200 && hops < 20 && Fill(answer.Text) is { } filled)
            {
                path = filled.Action ?? path;
                request = requests.Post(path, filled.Form, Cookies());
            }
            else
                return (null, answer);
        }
    }

    private static string? Code(Uri callback) =>
        callback
            .Query.TrimStart('?')
            .Split('&')
            .Where(pair => pair.StartsWith("code=", StringComparison.Ordinal))
            .Select(pair => Uri.UnescapeDataString(pair["code=".Length..]))
            .FirstOrDefault();

    /// <summary>The form of the page that signs in or decides, filled in.</summary>
    private (string? Action, string Form)? Fill(string page)
    {
        foreach (var form in Forms.Matches(page).Select(match => match.Value))
        {
            var signsIn = form.Contains("name=\"password\"", StringComparison.Ordinal);
            if (!signsIn && !form.Contains("name=\"decision\"", StringComparison.Ordinal))
                continue;
            var fields = Inputs
                .Matches(form)
                .Select(input => (input.Groups["name"].Value, (string?)WebUtility.HtmlDecode(Values.Match(input.Value).Groups[1].Value)))
                .Where(field => !signsIn || field.Item1 is not ("username" or "password"));
            (string, string?)[] typed = signsIn ? [("username", userName), ("password", settings.Password)] : [("decision", "allow")];
            var action = Actions.Match(form) is { Success: true } match ? WebUtility.HtmlDecode(match.Groups[1].Value) : null;
            return (action, Requests.Form([.. fields, .. typed]));
        }

        return null;
    }

    private string Cookies() =>
        cookies.Count == 0 ? "" : $"Cookie: {string.Join("; ", cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"))}\r\n";

    private void Keep(Answer answer)
    {
        foreach (var line in answer.Headers("set-cookie"))
        {
            var pair = line.Split(';')[0].Split('=', 2);
            if (pair[1].Length == 0 || line.Contains("expires=Thu, 01 Jan 1970", StringComparison.OrdinalIgnoreCase))
                cookies.Remove(pair[0]);
            else
                cookies[pair[0]] = pair[1];
        }
    }
}
