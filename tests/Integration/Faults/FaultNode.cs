using System.Globalization;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Faults;

/// <summary>One process of the program, which can be stopped in any way. Several may share a data directory and a database.</summary>
internal sealed class FaultNode : IAsyncDisposable
{
    private FaultNode(ServerProcess process, Uri address) => (Process, Address) = (process, address);

    public ServerProcess Process { get; }
    public Uri Address { get; }

    /// <param name="publicUrl">The issuer, which is one for all of them.</param>
    /// <param name="database">A connection string; null for the SQLite file in the data directory.</param>
    public static async Task<FaultNode> StartAsync(int port, Uri publicUrl, string data, string? database, params string[] more)
    {
        var node = Begin(port, publicUrl, data, database, more);
        await node.Process.SaysAsync("Application started");
        return node;
    }

    /// <summary>The same without waiting until it serves.</summary>
    public static FaultNode Begin(int port, Uri publicUrl, string data, string? database, params string[] more) =>
        new(
            ServerProcess.Start([.. Arguments(port, publicUrl, data, database), "--Downstream:BaseAddress=http://127.0.0.1:9", .. more]),
            AddressOf(port)
        );

    /// <summary>Under another program, which gives it less of the machine.</summary>
    /// <param name="under">That program and its arguments, to which those of the server are added.</param>
    public static async Task<FaultNode> StartUnderAsync(string[] under, string data, params string[] more)
    {
        var port = TestServer.FreePort();
        var address = AddressOf(port);
        var process = ServerProcess.StartProgram(
            under[0],
            [.. under[1..], ServerProcess.Dotnet, ServerProcess.Executable, .. Arguments(port, address, data, null), .. more]
        );
        await process.SaysAsync("Application started");
        return new FaultNode(process, address);
    }

    private static Uri AddressOf(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}"));

    private static IEnumerable<string> Arguments(int port, Uri publicUrl, string data, string? database) =>
        [
            "--addr",
            string.Create(CultureInfo.InvariantCulture, $"localhost:{port}"),
            $"--OAuth:PublicUrl={publicUrl.GetLeftPart(UriPartial.Authority)}",
            $"--Server:DataDirectory={data}",
            "--Server:StopDelay=00:00:00",
            "--Accounts:Seed:0:UserName=alice",
            $"--Accounts:Seed:0:Password={TestServer.Password}",
            "--Limits:TokenPerMinute=0",
            "--Limits:FailedClientsPerMinute=0",
            "--Limits:AuthorizePerMinute=0",
            "--Limits:SignInPerMinute=0",
            "--Limits:PagesPerMinute=0",
            "--OAuth:Registration:PerMinute=0",
            "--OAuth:RefreshGrace=00:01:00", // longer than a machine under load takes to start a process
            .. database is null ? Array.Empty<string>() : ["--database", database, $"--Protection:KeyFile={PostgresServer.KeyFile}"],
        ];

    /// <summary>SIGKILL, when it is disposed of: there is no other end for it here.</summary>
    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
