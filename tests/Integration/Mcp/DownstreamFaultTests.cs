using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>An API behind the tools that does not answer, or without end.</summary>
public sealed class DownstreamFaultTests
{
    [Fact]
    public async Task Says_so_when_the_connection_is_refused()
    {
        var port = TestServer.FreePort();
        await using var downstream = await Downstream.StartAsync(StandIn.AnythingAsync, _ => $"http://127.0.0.1:{port}");
        downstream.AssertTrouble(await downstream.CallAsync(), $"The API at 127.0.0.1:{port} refused the connection (tried 3 times).");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Says_so_when_the_connection_breaks(bool inTheBody)
    {
        await using var downstream = await Downstream.StartAsync(async http =>
        {
            if (inTheBody)
                await WriteSomeAsync(http, 1);
            http.Abort();
        });
        downstream.AssertTrouble(await downstream.CallAsync(), $"The API at {downstream.Name} broke off the connection (tried 3 times).");
        Assert.Equal(3, downstream.Api.Requests.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task X_07_gives_each_of_three_tries_ten_seconds(bool inTheBody)
    {
        var arrived = Channel.CreateUnbounded<int>();
        await using var downstream = await Downstream.StartAsync(async http =>
        {
            if (inTheBody)
                await WriteSomeAsync(http, 1);
            arrived.Writer.TryWrite(0);
            await StandIn.GoneAsync(http);
        });
        var started = downstream.Server.Clock.GetUtcNow();

        var call = downstream.CallAsync();
        for (var tries = 0; tries < 3; tries++)
        {
            await arrived.Reader.ReadAsync(TestContext.Current.CancellationToken);
            downstream.Server.Clock.Advance(TimeSpan.FromSeconds(9.9));
            Assert.False(call.IsCompleted);
            downstream.Server.Clock.Advance(TimeSpan.FromSeconds(0.1));
        }

        downstream.AssertTrouble(await call, $"The API at {downstream.Name} did not answer in time (tried 3 times).");
        Assert.Equal(TimeSpan.FromSeconds(30), downstream.Server.Clock.GetUtcNow() - started);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task X_07_reads_no_more_than_a_megabyte(bool announced)
    {
        const long size = 1L << 30;
        await using var downstream = await Downstream.StartAsync(async http =>
        {
            if (announced)
                http.Response.ContentLength = size;
            await WriteSomeAsync(http, size);
        });
        downstream.AssertTrouble(await downstream.CallAsync(), $"The API at {downstream.Name} answered more than 1 MB (tried once).");
        Assert.Single(downstream.Api.Requests);
    }

    [Fact]
    public async Task X_14_trusts_no_certificate_of_its_own_making()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(1)
        );
        await using var downstream = await Downstream.StartAsync(await StandIn.StartAsync(StandIn.AnythingAsync, certificate));
        Assert.Equal("https", downstream.Api.Address.Scheme);
        downstream.AssertTrouble(await downstream.CallAsync(), $"The API at {downstream.Name} has no valid certificate (tried once).");
        Assert.Empty(downstream.Api.Requests);
    }

    [Fact]
    public async Task F_45_spares_an_api_that_keeps_failing_and_comes_back_to_it()
    {
        var isWell = false;
        await using var downstream = await Downstream.StartAsync(http =>
        {
            if (isWell)
                return StandIn.AnythingAsync(http);
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        for (var calls = 0; calls < 7; calls++)
            Assert.True((await downstream.CallAsync()).IsError);
        Assert.Equal(20, downstream.Api.Requests.Count);

        isWell = true;
        downstream.AssertTrouble(
            await downstream.CallAsync(),
            $"The API at {downstream.Name} failed often of late and is left alone for a few seconds (not tried)."
        );
        Assert.Equal(20, downstream.Api.Requests.Count);
        Assert.NotEqual(true, (await downstream.CallAsync("show_auth_token")).IsError);

        downstream.Server.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.NotEqual(true, (await downstream.CallAsync()).IsError);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(408)]
    [InlineData(429)]
    public async Task M5_asks_for_one_caller_what_it_refused_another(int refusal)
    {
        var refuses = true;
        await using var downstream = await Downstream.StartAsync(http =>
        {
            if (!refuses)
                return StandIn.AnythingAsync(http);
            http.Response.StatusCode = refusal;
            return Task.CompletedTask;
        });
        while (downstream.Api.Requests.Count < 30)
            Assert.True((await downstream.CallAsync()).IsError);

        refuses = false;
        Assert.NotEqual(true, (await downstream.CallAsync()).IsError);
    }

    [Fact]
    public async Task U_08_leaves_one_line_of_a_call_that_failed()
    {
        var port = TestServer.FreePort();
        await using var downstream = await Downstream.StartAsync(StandIn.AnythingAsync, _ => $"http://127.0.0.1:{port}");
        await using var client = await Callers.ConnectAsync(downstream.Server, downstream.Token);
        var before = downstream.Server.Log.All.Count;
        Assert.True((await client.MakeRequestAsync("hello")).IsError);

        static bool IsTrouble(string line) => !line.StartsWith("Information ", StringComparison.Ordinal);
        var line = await downstream.Server.Log.NextAsync(line => IsTrouble(line) && line.Contains(" /mcp ", StringComparison.Ordinal));
        Assert.Equal([line], downstream.Server.Log.All.Skip(before).Where(IsTrouble));
        Assert.Contains(" error=tool_error tool=make_authenticated_request ", line, StringComparison.Ordinal);
        Assert.Contains($"The API at 127.0.0.1:{port} refused the connection (tried 3 times).", line, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", line, StringComparison.Ordinal);
    }

    private static async Task WriteSomeAsync(HttpContext http, long size)
    {
        var chunk = new byte[Math.Min(size, 64 * 1024)];
        for (long written = 0; written < size && !http.RequestAborted.IsCancellationRequested; written += chunk.Length)
            await http.Response.Body.WriteAsync(chunk, http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }
}
