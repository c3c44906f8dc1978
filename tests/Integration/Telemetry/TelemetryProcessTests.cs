using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Telemetry;

/// <summary>The program with the variables of OpenTelemetry, and without them.</summary>
public sealed class TelemetryProcessTests : IDisposable
{
    private readonly string data = TestServer.NewDataDirectory();

    [Fact]
    public async Task Sends_all_three_signals_to_the_endpoint_of_its_environment_under_the_name_that_this_says()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var server = await StartAsync([
            .. receiver.Variables.Select(variable => (variable.Item1, (string?)variable.Item2)),
            ("OTEL_SERVICE_NAME", "the-name-of-mine"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "200"),
            ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=staging"),
        ]);
        Assert.Contains(
            "OpenTelemetry.dll",
            await File.ReadAllTextAsync($"/proc/{server.Process.Id}/maps", TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
        await receiver.GetsAsync("/v1/metrics", "oauthmcp.signing_key.age");
        server.Terminate();
        await server.ExitAsync();
        Assert.Equal((0, ""), (server.Process.ExitCode, server.Error));
        await receiver.GetsAsync("/v1/traces", "GET");
        await receiver.GetsAsync("/v1/logs", "Now listening on");
        foreach (var path in OtlpReceiver.Paths)
        {
            Assert.Contains("the-name-of-mine", receiver.TextOf(path), StringComparison.Ordinal);
            Assert.Contains("staging", receiver.TextOf(path), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("OTEL_SERVICE_NAME", "without-an-endpoint")]
    [InlineData("OTEL_SDK_DISABLED", "true")]
    public async Task Loads_nothing_of_it_without_an_endpoint_or_when_it_is_switched_off(string name, string value)
    {
        var endpoint = name == "OTEL_SDK_DISABLED" ? "http://127.0.0.1:9" : null;
        await using var server = await StartAsync([(name, value), ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)]);
        var files = await File.ReadAllTextAsync($"/proc/{server.Process.Id}/maps", TestContext.Current.CancellationToken);
        Assert.Contains("OAuthMcp.Api.dll", files, StringComparison.Ordinal);
        Assert.DoesNotContain("OpenTelemetry", files, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        if (Directory.Exists(data))
            Directory.Delete(data, recursive: true);
    }

    private async Task<ServerProcess> StartAsync((string, string?)[] environment)
    {
        var port = TestServer.FreePort();
        var server = ServerProcess.Start(["--addr", $"localhost:{port}", $"--Server:DataDirectory={data}"], environment);
        await server.SaysAsync("Application started");
        using var http = new HttpClient();
        using var answer = await http.GetAsync($"http://localhost:{port}/", TestContext.Current.CancellationToken);
        return server;
    }
}
