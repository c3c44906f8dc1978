using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Doctor;

/// <summary>A proxy in front of a server, which passes everything on as it is but for the damage that it is told to do.</summary>
internal sealed class BrokenProxy : IAsyncDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly WebApplication app;
    private readonly bool isHttps;

    private BrokenProxy(WebApplication app, bool isHttps) => (this.app, this.isHttps) = (app, isHttps);

    public Damage Damage { get; set; } = new();

    /// <summary>What it stands in front of, once that runs.</summary>
    public TestServer? Server { get; set; }

    public static async Task<BrokenProxy> StartAsync(int port, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port, listen =>
                {
                    if (certificate is not null)
                        listen.UseHttps(certificate);
                }));
        var proxy = new BrokenProxy(builder.Build(), certificate is not null);
        proxy.app.Run(proxy.ForwardAsync);
        await proxy.app.StartAsync(TestContext.Current.CancellationToken);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        http.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        if (Damage.Answers?.Invoke(context) == true)
            return;
        try
        {
            using var request = await CopyAsync(context.Request);
            Damage.Request?.Invoke(request);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
            context.Response.StatusCode = (int)response.StatusCode;
            foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
                if (name is not ("Transfer-Encoding" or "Content-Length" or "Connection"))
                    context.Response.Headers[name] = values.ToArray();
            Damage.Head?.Invoke(context);
            await (context.Request.Path == "/health/stream" ? StreamAsync(context, response) : AnswerAsync(context, response));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client hung up, as it may.
        }
    }

    private async Task<HttpRequestMessage> CopyAsync(HttpRequest from)
    {
        var request = new HttpRequestMessage(new HttpMethod(from.Method), new Uri(Server!.Address, from.Path + from.QueryString));
        using var body = new MemoryStream();
        await from.Body.CopyToAsync(body, from.HttpContext.RequestAborted);
        if (body.Length > 0)
            request.Content = new ByteArrayContent(body.ToArray());
        foreach (var (name, values) in from.Headers)
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        if (isHttps)
            request.Headers.Add("X-Forwarded-Proto", "https");
        return request;
    }

    private async Task AnswerAsync(HttpContext context, HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(context.RequestAborted);
        body = Damage.Body?.Invoke(context, body) ?? body;
        if (body.Length > 0 && !HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body), context.RequestAborted);
    }

    private async Task StreamAsync(HttpContext context, HttpResponseMessage response)
    {
        await using var body = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        if (Damage.GathersStreams)
        {
            Server!.Clock.Advance(TimeSpan.FromSeconds(15)); // the silence of the stream passes
            using var all = new MemoryStream();
            await body.CopyToAsync(all, context.RequestAborted);
            await context.Response.Body.WriteAsync(all.ToArray(), context.RequestAborted);
            return;
        }

        var buffer = new byte[1024];
        for (int read; (read = await body.ReadAsync(buffer, context.RequestAborted)) > 0; )
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            if (Damage.CutsStreams)
                return;
        }
    }
}
