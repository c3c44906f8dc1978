using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Nodes;

/// <summary>
/// Gives each request to the next node in turn, on a connection of its own, and lets what streams stream. It leaves a node out whose
/// <c>/health/ready</c> is not 200, and gives a request that reached nobody to the next one, as nginx does
/// (<c>proxy_next_upstream error</c>).
/// </summary>
internal sealed class LoadBalancer : IReachable, IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectTimeout = TimeSpan.FromSeconds(2),
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly CancellationTokenSource stopped = new();
    private readonly ConcurrentDictionary<Node, bool> ready = new();
    private readonly ConcurrentQueue<(string Path, Node Node)> served = new();
    private readonly WebApplication app;
    private readonly IReadOnlyList<Node> nodes;
    private readonly Task looking;
    private int turn;

    private LoadBalancer(WebApplication app, Uri address, IReadOnlyList<Node> nodes)
    {
        (this.app, Address, this.nodes) = (app, address, nodes);
        app.Run(ForwardAsync);
        looking = Task.WhenAll(nodes.Select(LookAsync));
    }

    public Uri Address { get; }
    public string Issuer => Address.GetLeftPart(UriPartial.Authority);
    public string Resource => Issuer + "/mcp";

    /// <summary>Which node answered which request, in the order of the answers.</summary>
    public IReadOnlyCollection<(string Path, Node Node)> Served => served;

    public static async Task<LoadBalancer> StartAsync(Uri address, IReadOnlyList<Node> nodes)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenLocalhost(address.Port));
        var balancer = new LoadBalancer(builder.Build(), address, nodes);
        await balancer.app.StartAsync(TestContext.Current.CancellationToken);
        return balancer;
    }

    public HttpClient Http() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };

    public TestBrowser Browser() => BrowserSteps.At(Address);

    /// <summary>Forgets whom it served, and begins with this node.</summary>
    public void Restart(int first)
    {
        served.Clear();
        Volatile.Write(ref turn, first - 1);
    }

    public async ValueTask DisposeAsync()
    {
        await stopped.CancelAsync();
        await looking;
        await app.DisposeAsync();
        http.Dispose();
        stopped.Dispose();
    }

    private async Task LookAsync(Node node)
    {
        using var timer = new PeriodicTimer(Look);
        while (!stopped.IsCancellationRequested)
        {
            ready[node] = await IsReadyAsync(node);
            await ((Task)timer.WaitForNextTickAsync(stopped.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> IsReadyAsync(Node node)
    {
        try
        {
            return (int)await node.ProbeAsync(http, stopped.Token) == StatusCodes.Status200OK;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task ForwardAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var next = Interlocked.Increment(ref turn);
        // A node that is not ready comes last, and not never: it may have become ready since somebody looked.
        var inTurn = nodes
            .Select((_, index) => nodes[(next + index) % nodes.Count])
            .OrderByDescending(node => ready.GetValueOrDefault(node));
        foreach (var node in inTurn)
            if (await TryForwardAsync(context, node, body.ToArray()))
                return;
        context.Response.StatusCode = StatusCodes.Status502BadGateway;
    }

    /// <returns>False when the node did not get it.</returns>
    private async Task<bool> TryForwardAsync(HttpContext context, Node node, byte[] body)
    {
        using var request = Copy(context.Request, node, body);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
            served.Enqueue((context.Request.Path, node));
            await AnswerAsync(context, response);
            return true;
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return false;
        }
        catch (HttpRequestException failure) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            await context.Response.WriteAsync($"{node.Address}: {failure.Message}", context.RequestAborted);
            return true;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return true; // the client hung up, as it may
        }
    }

    private static HttpRequestMessage Copy(HttpRequest from, Node node, byte[] body)
    {
        var request = new HttpRequestMessage(new HttpMethod(from.Method), new Uri(node.Address, from.Path + from.QueryString));
        if (body.Length > 0 || HttpMethods.IsPost(from.Method))
            request.Content = new ByteArrayContent(body);
        foreach (var (name, values) in from.Headers)
            if (name != "Transfer-Encoding" && !request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        return request;
    }

    private static async Task AnswerAsync(HttpContext context, HttpResponseMessage response)
    {
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
            if (name is not ("Transfer-Encoding" or "Connection"))
                context.Response.Headers[name] = values.ToArray();
        await using var body = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        var buffer = new byte[16 * 1024];
        for (var read = -1; read != 0; )
        {
            await context.Response.Body.FlushAsync(context.RequestAborted); // a stream's headers and events go out as they come
            read = await body.ReadAsync(buffer, context.RequestAborted);
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
        }
    }
}
