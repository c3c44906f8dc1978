using System.Net;

namespace OAuthMcp.Client.OAuth;

/// <summary>The page that the browser ends on, in the look of the pages before it.</summary>
internal static class AnswerPage
{
    /// <summary>Its styles are its own, and nothing else is loaded.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static string Of(AuthorizationResponse answer) =>
        answer.Error switch
        {
            null => Of("Access is allowed", "The rest is in the terminal; you can close this page."),
            "access_denied" => Of("Access is denied", "The terminal says so too; you can close this page."),
            _ => Of("This did not work", "The terminal says why; you can close this page."),
        };

    public static string Of(string title, string text) =>
        $$"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <meta name="color-scheme" content="light dark">
              <title>{{WebUtility.HtmlEncode(title)}} – OAuthMcp sample client</title>
              <style>
                :root { color-scheme: light dark; --paper: #ffffff; --ink: #1b1f24; --line: #d5d9de; --shade: #f4f5f7; }
                @media (prefers-color-scheme: dark) { :root { --paper: #1a1d21; --ink: #e8eaed; --line: #363c44; --shade: #111316; } }
                body { margin: 0; min-height: 100vh; display: flex; background: var(--shade); }
                body { color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
                main { width: min(100% - 6rem, 23rem); margin: auto; padding: 2rem; }
                main { background: var(--paper); border: 1px solid var(--line); border-radius: 1rem; }
                h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; }
                p { margin: 0; }
              </style>
            </head>
            <body><main><h1>{{WebUtility.HtmlEncode(title)}}</h1><p>{{WebUtility.HtmlEncode(text)}}</p></main></body>
            </html>
            """;
}
