using System.Runtime.CompilerServices;

namespace OAuthMcp.Integration.Hosting;

/// <summary>
/// What a test needs on its machine. Where it is missing the test is skipped with the reason, or fails when <c>OAUTHMCP_REQUIRE_ALL</c>
/// is 1, as the gate sets it.
/// </summary>
internal static class Requires
{
    public static void HttpBin() =>
        Service(Hosting.HttpBin.IsInstalled, "httpbin for /usr/bin/python3 (Debian: apt-get install python3-httpbin)");

    public static void Conformance() =>
        Service(Hosting.Conformance.IsInstalled, "the official conformance suite (.ci/run installs it with npm)");

    public static void OidcProvider() => Service(Hosting.OidcProvider.IsInstalled, "npm's oidc-provider (.ci/run installs it)");

    public static void Package(string name) => Service(Npm.Has(name), $"the npm package {name} (.ci/run installs it)", name);

    public static void Chromium() =>
        Service(Hosting.Chromium.IsInstalled, "/usr/bin/chromium-headless-shell (Debian: apt-get install chromium-headless-shell)");

    public static void Strace() => Service(TracedProcess.IsInstalled, "/usr/bin/strace (Debian: apt-get install strace)");

    public static void Systemd() =>
        Service(File.Exists("/usr/bin/systemd-analyze"), "/usr/bin/systemd-analyze (Debian: apt-get install systemd)");

    /// <param name="name"><c>nginx</c> or <c>caddy</c>.</param>
    public static void Proxy(string name) =>
        Service(
            name == "nginx" ? Delivery.RealProxy.HasNginx : Delivery.RealProxy.HasCaddy,
            $"{name} (Debian: apt-get install nginx-light caddy)",
            name
        );

    public static void Postgres() =>
        Service(PostgresServer.IsInstalled, "/usr/lib/postgresql (Debian: apt-get install --no-install-recommends postgresql-15)");

    /// <summary>For a test about the file.</summary>
    public static void Sqlite()
    {
        if (ChosenDatabase.IsPostgres)
            Assert.Skip("This test looks at the file of SQLite, and these run on PostgreSQL.");
    }

    /// <summary>A small disk. Whether one may be mounted is a right and no package, so that it is never more than skipped.</summary>
    public static SmallDisk Mount(string size)
    {
        var disk = SmallDisk.TryMount(size);
        if (disk is null)
            Assert.Skip("This test mounts a small file system to fill it up, which this user may not do here.");
        return disk;
    }

    /// <summary>The folder of the program as it is delivered, which takes a minute to make and is made by the gate.</summary>
    public static string PublishedProgram()
    {
        if (ServerProcess.Executable == typeof(Api.Hosting.HttpServer).Assembly.Location)
            Assert.Skip("This test looks at a published program, which OAUTHMCP_TEST_PROGRAM has to name.");
        return Path.GetDirectoryName(ServerProcess.Executable)!;
    }

    /// <summary>
    /// Mounts and a network of its own (Debian: apt-get install iproute2). Whether a user has that right is no package either.
    /// </summary>
    public static async Task NamespacesAsync()
    {
        await using var unshare = ServerProcess.StartProgram(
            "unshare",
            ["--mount", "--net", "--pid", "--fork", "sh", "-c", "mount -t tmpfs tmpfs /mnt && ip link set lo up"]
        );
        await unshare.ExitAsync();
        if (unshare.Process.ExitCode != 0)
            Assert.Skip("This test makes a root of its own, which this user may not do here.");
    }

    private static void Service(bool isThere, string what, [CallerMemberName] string name = "")
    {
        if (isThere)
            return;
        var reason = $"{name} is missing: this test needs {what}.";
        if (Environment.GetEnvironmentVariable("OAUTHMCP_REQUIRE_ALL") == "1")
            Assert.Fail(reason);
        Assert.Skip(reason);
    }
}
