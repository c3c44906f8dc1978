using MediatR;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Api.Doctor;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Doctor;

/// <summary>What the doctor sees with the configuration at hand: data, keys, accounts, and the servers behind.</summary>
public sealed class LocalTests
{
    [Fact]
    public async Task Finds_nothing_beside_a_good_server()
    {
        await using var server = await TestServer.StartAsync();
        var found = await LookAsync(server);
        Assert.Equal(
            ["configuration", "database", "signing keys", "accounts", "document hosts", "downstream"],
            found.Select(finding => finding.Check)
        );
        Assert.All(found.Skip(1), finding => Assert.Equal(Verdict.Ok, finding.Verdict));
        Assert.Equal("2, of them 2 enabled.", found.Single(finding => finding.Check == "accounts").Seen);
    }

    [Fact]
    public async Task Names_what_is_not_there()
    {
        await using var dead = await StandIn.StartAsync(StandIn.AnythingAsync);
        var address = dead.Address;
        await dead.DisposeAsync();
        await using var server = await TestServer.StartAsync(
            ("Accounts:Local", "true"),
            ("Upstream:Provider", "oidc"),
            ("Upstream:BaseUrl", address.AbsoluteUri),
            ("Upstream:ClientId", "abc"),
            ("Upstream:ClientSecret", "def"),
            ("Downstream:BaseAddress", address.AbsoluteUri),
            ("OAuth:ClientMetadataDocuments:AllowedHosts", "claude.ai")
        );
        var found = (await LookAsync(server)).Where(finding => finding.Verdict is Verdict.Fault or Verdict.Note).ToList();
        Assert.Equal(["configuration", "document hosts", "downstream", "provider oidc"], found.Select(finding => finding.Check));
        Assert.Contains("vscode.dev", found[1].Change, StringComparison.Ordinal);
        Assert.Contains("ConnectionRefused", found[2].Seen, StringComparison.Ordinal);
        Assert.Contains("ConnectionRefused", found[3].Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_that_nobody_has_an_account()
    {
        await using var server = await TestServer.StartAsync();
        await using (var scope = server.App.Services.CreateAsyncScope())
            foreach (var name in new[] { "alice", "bob" })
                Assert.Null(
                    (
                        await scope
                            .ServiceProvider.GetRequiredService<IMediator>()
                            .Send(new DisableAccountCommand(name), TestContext.Current.CancellationToken)
                    ).Error
                );
        var found = (await LookAsync(server)).Single(finding => finding.Verdict == Verdict.Fault);
        Assert.Equal(("accounts", "Nobody has an account that can sign in."), (found.Check, found.Seen));
    }

    [Fact]
    public async Task Names_a_database_and_a_key_ring_that_are_gone()
    {
        Requires.Sqlite();
        await using var server = await TestServer.StartAsync();
        Directory.Move(Path.Combine(server.DataDirectory, "keys"), Path.Combine(server.DataDirectory, "gone"));
        var found = await LookAsync(server);
        Assert.Equal("signing keys", Assert.Single(found, finding => finding.Verdict == Verdict.Fault).Check);

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(server.DataDirectory, "oauthmcp.db*"))
            File.Move(file, file + ".gone");
        found = await LookAsync(server);
        var fault = Assert.Single(found, finding => finding.Verdict == Verdict.Fault);
        Assert.Equal("database", fault.Check);
        Assert.Contains(server.DataDirectory, fault.Change, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(server.DataDirectory, "oauthmcp.db"))); // looking makes none
        foreach (var file in Directory.GetFiles(server.DataDirectory, "*.gone"))
            File.Move(file, file[..^".gone".Length]);
    }

    private static async Task<IReadOnlyList<CheckedFinding>> LookAsync(TestServer server)
    {
        using var visit = new Visit(server.Address);
        var found = new List<CheckedFinding>();
        var checks = LocalChecks.Of(server.App.Services);
        await foreach (var finding in Examination.RunAsync(visit, checks, TestContext.Current.CancellationToken))
            found.Add(finding);
        return found;
    }
}
