using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Delivery;

/// <summary>The unit that is delivered, as systemd itself reads it.</summary>
public sealed class SystemdTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Unit_is_understood_and_hardened()
    {
        Requires.Systemd();
        var unit = await File.ReadAllTextAsync(
            Path.Combine(Checkout.Folder, "deploy", "systemd", "oauthmcp.service"),
            TestContext.Current.CancellationToken
        );
        Assert.Contains("ExecStart=/opt/oauthmcp/OAuthMcp.Api\n", unit, StringComparison.Ordinal);
        var here = Path.Combine(folder.Path, "oauthmcp.service");
        await File.WriteAllTextAsync(
            here,
            unit.Replace("ExecStart=/opt/oauthmcp/OAuthMcp.Api", "ExecStart=/bin/true"), // a program that is there
            TestContext.Current.CancellationToken
        );
        Assert.Equal((0, ""), await RunAsync("verify", "--man=no", here));
        var (exitCode, report) = await RunAsync("security", "--offline=yes", "--threshold=20", "--no-pager", here); // 2.0 of 10
        Assert.True(exitCode == 0, report);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using var analyze = ServerProcess.StartProgram("/usr/bin/systemd-analyze", arguments);
        await analyze.ExitAsync();
        return (analyze.Process.ExitCode, arguments[0] == "verify" ? analyze.Error + analyze.Output : analyze.Output + analyze.Error);
    }

    public void Dispose() => folder.Dispose();
}
