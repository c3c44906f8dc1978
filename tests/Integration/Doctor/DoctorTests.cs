using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OAuthMcp.Api.Doctor;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Doctor;

/// <summary>The doctor at a good server, and at the same one behind proxies that each do one thing wrong: found, and named.</summary>
public sealed class DoctorTests(Patient patient) : IClassFixture<Patient>
{
    private static readonly string[] Discovery = ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"];

    /// <summary>What is wrong, which checks have to find it, and a part of what the first of them says.</summary>
    private static readonly Dictionary<string, (Damage Damage, string[] Checks, string Says)> Table = new()
    {
        ["issuer with a slash"] = (
            Rewrite(Discovery, (url, body) => body.Replace($"\"{url}\"", $"\"{url}/\"")),
            ["issuer"],
            "byte for byte"
        ),
        ["issuer of the inner address"] = (
            Rewrite(Discovery, (url, body) => body.Replace(url, "http://backend:5000")),
            ["issuer", "endpoints", "keys", "registration"],
            "http://backend:5000"
        ),
        ["authorization server with a slash"] = (
            Rewrite("/.well-known/oauth-protected-resource", (url, body) => body.Replace($"\"{url}\"", $"\"{url}/\"")),
            ["authorization server", "issuer"],
            "slash"
        ),
        ["resource of the inner address"] = (
            Rewrite("/.well-known/oauth-protected-resource", (url, body) => body.Replace($"{url}/mcp", "http://backend:5000/mcp")),
            ["resource"],
            "http://backend:5000/mcp"
        ),
        ["no metadata"] = (
            Answer("/.well-known", 404),
            ["resource metadata", "root metadata", "server metadata", "openid metadata", "cors"],
            "404"
        ),
        ["no metadata behind the path"] = (Answer("/.well-known/oauth-protected-resource/mcp", 404), ["resource metadata", "cors"], "404"),
        ["no metadata at the root"] = (AnswerExactly("/.well-known/oauth-protected-resource", 404), ["root metadata"], "404"),
        ["no OpenID metadata"] = (Answer(Discovery[1], 404), ["openid metadata"], "404"),
        ["two versions of the metadata"] = (
            Rewrite(Discovery[1], (_, body) => body.Replace("\"query\"", "\"fragment\"")),
            ["openid metadata"],
            "something else"
        ),
        ["challenge without resource_metadata"] = (
            Head("/mcp", http => http.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\""),
            ["challenge"],
            "resource_metadata"
        ),
        ["no challenge"] = (
            Head("/mcp", http => http.Response.Headers.Remove("WWW-Authenticate")),
            ["challenge", "authorization header"],
            "challenge"
        ),
        ["challenge of the inner address"] = (
            Head("/mcp", http =>
                http.Response.Headers.WWWAuthenticate = http
                    .Response.Headers.WWWAuthenticate.ToString()
                    .Replace("http://localhost", "http://backend")
            ),
            ["challenge"],
            "http://backend"
        ),
        ["S256 missing"] = (Rewrite(Discovery, (_, body) => body.Replace("\"S256\"", "\"plain\"")), ["pkce"], "S256"),
        ["iss parameter missing"] = (
            Rewrite(Discovery, (_, body) => body.Replace("iss_parameter_supported\":true", "iss_parameter_supported\":false")),
            ["iss parameter"],
            "authorization_response_iss_parameter_supported"
        ),
        ["public clients missing"] = (
            Rewrite(Discovery, (_, body) => body.Replace("\"none\"", "\"tls_client_auth\"")),
            ["public clients"],
            "none"
        ),
        ["no way to register"] = (
            Rewrite(Discovery, (_, body) =>
                body.Replace("registration_endpoint", "x").Replace("document_supported\":true", "document_supported\":false")
            ),
            ["ways to register"],
            "neither"
        ),
        ["keys empty"] = (Rewrite("/.well-known/jwks.json", (_, _) => "{\"keys\":[]}"), ["keys"], "empty"),
        ["keys are a page"] = (Rewrite("/.well-known/jwks.json", (_, _) => "<html>Sign in</html>"), ["keys"], "no JSON"),
        ["CORS headers missing"] = (
            Head("", http => http.Response.Headers.Remove("Access-Control-Allow-Origin")),
            ["cors"],
            "/.well-known/oauth-protected-resource/mcp, /token, /mcp"
        ),
        ["preflights refused"] = (
            new() { Answers = http => HttpMethods.IsOptions(http.Request.Method) && Status(http, 405) },
            ["cors"],
            "/token"
        ),
        ["everything redirects"] = (
            new()
            {
                Answers = http =>
                {
                    http.Response.Headers.Location = $"https://localhost{http.Request.Path}";
                    return Status(http, 301);
                },
            },
            [
                "reach",
                "resource metadata",
                "root metadata",
                "server metadata",
                "openid metadata",
                "cors",
                "challenge",
                "authorization header",
                "origin",
            ],
            "it redirects to https://localhost/health/live"
        ),
        ["Host rewritten"] = (
            new() { Request = request => request.Headers.Host = "backend:5000" },
            [
                "reach",
                "resource metadata",
                "root metadata",
                "server metadata",
                "openid metadata",
                "cors",
                "challenge",
                "authorization header",
                "origin",
            ],
            "refuses the name"
        ),
        ["the name of whoever asks"] = (
            new()
            {
                Request = request => request.Headers.Host = null,
                Body = (http, body) => body.Replace("http://localhost", $"http://{http.Request.Host.Host}"),
            },
            ["host"],
            "Host"
        ),
        ["the name of whoever says so"] = (
            new()
            {
                Body = (http, body) =>
                    http.Request.Headers["X-Forwarded-Host"] is [{ } host] ? body.Replace("http://localhost", $"http://{host}") : body,
            },
            ["forwarded"],
            "X-Forwarded-Host"
        ),
        ["clock off"] = (
            Head("", http => http.Response.Headers.Date = DateTimeOffset.UtcNow.AddMinutes(-10).ToString("R")),
            ["clock"],
            "apart"
        ),
        ["not ready"] = (Answer("/health/ready", 503, "{\"reason\":\"The database cannot be read.\"}"), ["ready"], "cannot be read"),
        ["registration refused"] = (Answer("/register", 403), ["registration"], "403"),
        ["DELETE refused"] = (
            new() { Answers = http => HttpMethods.IsDelete(http.Request.Method) && Status(http, 405) },
            ["registration"],
            "DELETE"
        ),
        ["Authorization dropped"] = (
            new() { Request = request => request.Headers.Authorization = null },
            ["registration", "authorization header"],
            "401"
        ),
        ["Origin dropped"] = (new() { Request = request => request.Headers.Remove("Origin") }, ["cors", "origin"], "Access-Control"),
        ["bad gateway at the endpoint"] = (Answer("/mcp", 502), ["cors", "challenge", "authorization header", "origin"], "/mcp"),
        ["endpoint open"] = (Answer("/mcp", 200, "{}"), ["cors", "challenge", "authorization header", "origin"], "/mcp"),
        ["secrets as plain http"] = (
            Answer("/token", 400, "{\"error\":\"invalid_request\",\"error_description\":\"It must be in Server:TrustedProxies.\"}"),
            ["token endpoint", "cors"],
            "plain http"
        ),
        ["stream gathered"] = (new() { GathersStreams = true }, ["stream"], "proxy_buffering off"),
        ["silence cut"] = (new() { CutsStreams = true }, ["silence"], "proxy_read_timeout"),
    };

    public static TheoryData<string> Damages => [.. Table.Keys];

    [Fact]
    public async Task Finds_nothing_at_a_good_server_and_leaves_nothing_there()
    {
        patient.Proxy.Damage = new();
        var found = await patient.ExamineAsync();
        Assert.DoesNotContain(found, finding => finding.Verdict is Verdict.Fault or Verdict.Note);
        Assert.Equal("tls", Assert.Single(found, finding => finding.Verdict == Verdict.Skipped).Check);
        Assert.Equal("A client registered and deleted itself again.", found.Single(finding => finding.Check == "registration").Seen);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Finds_and_names(string damage)
    {
        var (done, checks, says) = Table[damage];
        patient.Proxy.Damage = done;
        var faults = (await patient.ExamineAsync()).Where(finding => finding.Verdict == Verdict.Fault).ToList();
        Assert.Equal(checks, faults.Select(fault => fault.Check));
        Assert.Contains(says, $"{faults[0].Seen} {faults[0].Change}", StringComparison.Ordinal);
        Assert.All(faults, fault => Assert.False(string.IsNullOrWhiteSpace(fault.Change)));
    }

    [Fact]
    public async Task Says_by_which_name_the_server_goes_where_it_is_asked_by_another()
    {
        patient.Proxy.Damage = new();
        var port = patient.Server.Address.Port;
        var faults = (await Patient.ExamineAsync(new Uri($"http://127.0.0.1:{port}"), patient.Server))
            .Where(finding => finding.Verdict == Verdict.Fault)
            .ToList();
        Assert.Equal(["resource", "issuer", "endpoints", "cors", "challenge"], faults.Select(fault => fault.Check));
        Assert.All(faults, fault => Assert.Contains($"http://127.0.0.1:{port}", $"{fault.Seen} {fault.Change}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stops_at_a_server_that_nobody_reaches()
    {
        var port = TestServer.FreePort();
        var found = await Patient.ExamineAsync(new Uri($"http://localhost:{port}"), null);
        var fault = Assert.Single(found, finding => finding.Verdict == Verdict.Fault);
        Assert.Equal(("reach", $"Nobody takes connections at localhost:{port} (ConnectionRefused)."), (fault.Check, fault.Seen));
        Assert.All(found.Skip(1), finding => Assert.Equal(Verdict.Skipped, finding.Verdict));
    }

    [Fact]
    public async Task Waits_no_longer_than_it_says()
    {
        using var visit = new Visit(new Uri(patient.Url));
        var endless = new Check("endless", async (_, ct) =>
        {
            await Task.Delay(Timeout.Infinite, ct);
            throw new UnreachableException();
        }) { Patience = TimeSpan.FromMilliseconds(50), IsLocal = true };
        await foreach (var finding in Examination.RunAsync(visit, [endless], TestContext.Current.CancellationToken))
            Assert.Equal((Verdict.Fault, "No answer within 0 s."), (finding.Verdict, finding.Seen));
    }

    private static Damage Rewrite(string path, Func<string, string, string> change) => Rewrite([path], change);

    private static Damage Rewrite(string[] paths, Func<string, string, string> change) =>
        new()
        {
            Body = (http, body) =>
                paths.Any(path => http.Request.Path.StartsWithSegments(path)) && HttpMethods.IsGet(http.Request.Method)
                    ? change($"http://localhost:{http.Connection.LocalPort}", body)
                    : body,
        };

    private static Damage Head(string path, Action<HttpContext> change) =>
        new()
        {
            Head = http =>
            {
                if (http.Request.Path.StartsWithSegments(path))
                    change(http);
            },
        };

    private static Damage Answer(string path, int status, string body = "") =>
        new() { Answers = http => http.Request.Path.StartsWithSegments(path) && Status(http, status, body) };

    private static Damage AnswerExactly(string path, int status) =>
        new() { Answers = http => http.Request.Path == path && Status(http, status) };

    private static bool Status(HttpContext http, int status, string body = "")
    {
        http.Response.StatusCode = status;
        http.Features.Get<IHttpBodyControlFeature>()!.AllowSynchronousIO = true;
        http.Response.Body.Write(Encoding.UTF8.GetBytes(body));
        return true;
    }
}
