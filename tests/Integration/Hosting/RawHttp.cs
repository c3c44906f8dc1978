using System.Net.Sockets;
using System.Text;

namespace OAuthMcp.Integration.Hosting;

/// <summary>Requests as bytes, for what HttpClient would tidy up: targets, hosts and headers go out as they are written.</summary>
internal static class RawHttp
{
    /// <summary>GET with this request target; headers override or add to Host and Connection, a null one is left out.</summary>
    public static Task<RawAnswer> GetRawAsync(this TestServer server, string target, params (string Name, string? Value)[] headers)
    {
        var all = new Dictionary<string, string?> { ["Host"] = server.Address.Authority, ["Connection"] = "close" };
        foreach (var (name, value) in headers)
            all[name] = value;
        var lines = all.Where(header => header.Value is not null).Select(header => $"{header.Key}: {header.Value}\r\n");
        return server.SendRawAsync($"GET {target} HTTP/1.1\r\n{string.Concat(lines)}\r\n");
    }

    public static async Task<RawAnswer> SendRawAsync(this TestServer server, string request)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server.Address.Host, server.Address.Port, TestContext.Current.CancellationToken);
        var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return new RawAnswer(await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The first line of the answer, whatever is still missing of the request; null when the server hangs up instead.</summary>
    public static async Task<string?> FirstLineAsync(this TestServer server, string request)
    {
        using var tcp = await server.ConnectAsync();
        return await tcp.FirstLineAsync(request);
    }

    public static async Task<TcpClient> ConnectAsync(this TestServer server)
    {
        var tcp = new TcpClient();
        await tcp.ConnectAsync(server.Address.Host, server.Address.Port, TestContext.Current.CancellationToken);
        return tcp;
    }

    /// <inheritdoc cref="FirstLineAsync(TestServer, string)"/>
    public static async Task<string?> FirstLineAsync(this TcpClient tcp, string request)
    {
        try
        {
            await tcp.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
            using var reader = new StreamReader(tcp.GetStream(), Encoding.UTF8, leaveOpen: true);
            return await reader
                .ReadLineAsync(TestContext.Current.CancellationToken)
                .AsTask()
                .WaitAsync(ServerProcess.Soon, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            return null; // reset
        }
    }
}

/// <param name="Text">Status line, headers and body as they came.</param>
internal sealed record RawAnswer(string Text)
{
    public int Status => int.Parse(Text.Split(' ')[1], null);

    public string Body => Text[(Text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];

    /// <summary>The value of the header, or null; a header that comes twice fails.</summary>
    public string? Header(string name) =>
        Text[..Text.IndexOf("\r\n\r\n", StringComparison.Ordinal)]
            .Split("\r\n")
            .SingleOrDefault(line => line.StartsWith($"{name}: ", StringComparison.OrdinalIgnoreCase))
            ?[(name.Length + 2)..];
}
