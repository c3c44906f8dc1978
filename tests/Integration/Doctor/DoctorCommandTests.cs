using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Doctor;

/// <summary>The verb as an operator types it: lines, JSON, exit codes.</summary>
public sealed class DoctorCommandTests
{
    [Fact]
    public async Task Looks_at_the_server_of_this_configuration_and_at_its_data()
    {
        await using var server = await TestServer.StartAsync();
        string[] where =
        [
            $"--addr=localhost:{server.Address.Port}",
            $"--Server:DataDirectory={server.DataDirectory}",
            $"--downstream=http://localhost:{server.Address.Port}",
        ];
        await using (var doctor = ServerProcess.Start(["doctor", "--json", .. where]))
        {
            await doctor.SaysOnErrorAsync(" silence, ");
            server.Clock.Advance(TimeSpan.FromSeconds(15));
            await doctor.ExitAsync();
            var report = JsonNode.Parse(doctor.Output)!;
            Assert.True(doctor.Process.ExitCode == 0, doctor.Output);
            Assert.Equal((server.Issuer, 0), ((string?)report["url"], (int)report["faults"]!));
            var checks = report["checks"]!.AsArray().ToDictionary(check => (string)check!["check"]!, check => (string)check!["verdict"]!);
            Assert.Equal(
                ("note", "ok", "ok", "ok", "skipped"),
                (checks["configuration"], checks["database"], checks["issuer"], checks["silence"], checks["tls"])
            );
        }

        var (exitCode, output, error) = await ServerProcess.RunAsync(["doctor", "--ready", .. where]);
        Assert.Equal((0, "{\"status\":\"ready\"}\n", ""), (exitCode, output, error));
    }

    [Fact]
    public async Task Ends_in_1_where_nobody_answers_and_says_what_to_change()
    {
        var port = TestServer.FreePort();
        var (exitCode, output, error) = await ServerProcess.RunAsync(["doctor", $"http://localhost:{port}/mcp"]);
        Assert.Equal(1, exitCode);
        Assert.StartsWith(
            $"FAULT reach                 Nobody takes connections at localhost:{port} (ConnectionRefused). Change: Start the server",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains($"checks of http://localhost:{port}: 1 faults, 0 notes.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);

        (exitCode, output, error) = await ServerProcess.RunAsync(["doctor", "--ready", $"--addr=:{port}"]);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith($"http://127.0.0.1:{port}/health/ready: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_every_fault_of_a_configuration()
    {
        var (exitCode, output, error) = await ServerProcess.RunAsync([
            "doctor",
            "--public-url=nonsense",
            "--OAuth:CodeLifetime=00:30:00",
            "--Limits:FormKeys=-1",
        ]);
        Assert.Equal((1, ""), (exitCode, error));
        Assert.Equal(
            ["Limits:FormKeys", "OAuth:PublicUrl", "OAuth:CodeLifetime"],
            output
                .Split('\n')
                .Where(line => line.StartsWith("FAULT configuration", StringComparison.Ordinal))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2])
        );
    }
}
