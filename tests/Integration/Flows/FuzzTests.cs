using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AngleSharp.Html.Dom;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Flows;

/// <summary>
/// Requests that nobody thought of, at every endpoint: the server refuses them in its own words and goes on. A
/// failure names the seed and the request; <c>OAUTHMCP_FUZZ_SEED</c> repeats a run, <c>OAUTHMCP_FUZZ_REQUESTS</c> lengthens it.
/// </summary>
public sealed class FuzzTests
{
    private const int Connections = 8;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(20);
    private static readonly int Requests = Setting("OAUTHMCP_FUZZ_REQUESTS", 20_000);
    private static readonly int Seed = Setting("OAUTHMCP_FUZZ_SEED", 20261123);

    [Fact]
    public async Task P_06_refuses_whatever_comes_and_still_signs_people_in()
    {
        await using var server = await TestServer.StartAsync(
            ("OAuth:Registration:PerMinute", "0"),
            ("Limits:TokenPerMinute", "0"),
            ("Limits:FailedClientsPerMinute", "0"),
            ("Limits:AuthorizePerMinute", "0"),
            ("Limits:SignInPerMinute", "0")
        );
        using var client = await TestClient.RegisterAsync(server);
        var (access, _) = await client.SignInAsync();
        var session = await SignedInAsync(server);
        var before = await server.RowsAsync();

        var failures = await Task.WhenAll(
            Enumerable
                .Range(0, Connections)
                .Select(connection =>
                    Task.Run(
                        () => AttackAsync(server, new FuzzGrammar(Seed + connection, server.Address, client.Id, access, session)),
                        TestContext.Current.CancellationToken
                    )
                )
        );

        var faults = server
            .Log.All.Where(line =>
                line.StartsWith("Error ", StringComparison.Ordinal) || line.StartsWith("Fatal ", StringComparison.Ordinal)
            )
            .ToList();
        Assert.True(
            faults.Count == 0 && failures.All(failure => failure is null),
            $"OAUTHMCP_FUZZ_SEED={Seed}\n"
                + string.Join(
                    "\n\n",
                    failures
                        .OfType<string>()
                        .Concat(
                            faults.Where(fault => fault.Contains("Exception", StringComparison.Ordinal)).Select(Short).Take(Connections)
                        )
                )
        );
        Assert.Equal(before, await server.RowsAsync());
        using var late = await TestClient.RegisterAsync(server);
        Assert.True(await server.AcceptsAsync((await late.SignInAsync()).Access));
    }

    private static async Task<string?> AttackAsync(TestServer server, FuzzGrammar grammar)
    {
        using var connection = new KeepAlive(server.Address);
        for (var count = 0; count < Requests / Connections; count++)
        {
            var request = grammar.Next();
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
                limit.CancelAfter(TimeLimit);
                if (Complaint(server, request, await connection.SendAsync(request, limit.Token)) is { } complaint)
                    return $"{complaint}\n--- after\n{Short(request)}";
            }
            catch (Exception failure)
                when (failure
                        is IOException
                            or OperationCanceledException
                            or FormatException
                            or InvalidOperationException
                            or IndexOutOfRangeException
                )
            {
                return $"{failure.GetType().Name} {failure.Message}\n--- after\n{Short(request)}";
            }
        }

        return null;
    }

    private static string? Complaint(TestServer server, string request, RawAnswer answer)
    {
        string? Because(string reason) => $"{reason}:\n{Short(answer.Text)}";
        if (answer.Status >= 500)
            return Because("a fault");
        if (answer.Header("X-Injected") is not null)
            return Because("a header of the request's making");
        if (
            answer.Text.Contains("<script>fuzz", StringComparison.OrdinalIgnoreCase)
            && answer.Header("Content-Type")?.StartsWith("text/html", StringComparison.Ordinal) == true
        )
            return Because("markup of the request's making");
        if (answer.Header("Location") is { } location && !IsOurs(server, location))
            return Because("sent elsewhere");
        if (answer.Status < 400 || request.StartsWith("HEAD ", StringComparison.Ordinal))
            return null;

        // What Kestrel and the host filter refuse has no body and no headers of ours.
        if (answer.Body.Length == 0)
            return answer.Status is 400 or 408 or 411 or 413 or 414 or 431 or 505 ? null : Because("no body");
        if (answer.Header("X-Content-Type-Options") != "nosniff")
            return Because("without the security headers");
        return answer.Header("Content-Type") switch
        {
            "application/json" or "application/json; charset=utf-8" => IsError(answer.Body) ? null : Because("no OAuth or JSON-RPC error"),
            "text/html; charset=utf-8" => answer.Body.TrimEnd().EndsWith("</html>", StringComparison.Ordinal)
                ? null
                : Because("half a page"),
            _ => Because("an unexpected type"),
        };
    }

    // A relative reference, this server, or the one loopback redirect URI that is registered, whatever its port.
    private static bool IsOurs(TestServer server, string location)
    {
        if (
            !Uri.TryCreate(server.Address, location, out var target)
            || location.Contains(FuzzGrammar.Elsewhere, StringComparison.OrdinalIgnoreCase)
                && new Uri(server.Address, location).Host == FuzzGrammar.Elsewhere
        )
            return false;
        return target.Authority == server.Address.Authority
            || target is { Scheme: "http", Host: "127.0.0.1", AbsolutePath: "/callback", UserInfo: "" };
    }

    private static bool IsError(string body)
    {
        try
        {
            if (JsonNode.Parse(body) is not JsonObject json)
                return false;
            if ((string?)json["jsonrpc"] == "2.0")
                return json["error"]?["code"]?.GetValueKind() == JsonValueKind.Number && json["error"]!["message"] is not null;
            return Regex.IsMatch((string?)json["error"] ?? "", "^[a-z_]+$")
                && Regex.IsMatch((string?)json["error_description"] ?? "", @"^[\x20\x21\x23-\x5B\x5D-\x7E]+$");
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static async Task<(string Cookies, string AntiForgery)> SignedInAsync(TestServer server)
    {
        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        await browser.SignInAsync("bob");
        await browser.OpenAsync("/signin");
        var token = ((IHtmlInputElement)browser.Page!.QuerySelector("[name=__RequestVerificationToken]")!).Value;
        return (string.Join("; ", browser.Cookies.Select(cookie => $"{cookie.Name}={cookie.Value}")), Uri.EscapeDataString(token));
    }

    private static string Short(string text) => text.Length > 2500 ? $"{text[..2500]}… ({text.Length})" : text;

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
