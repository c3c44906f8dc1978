using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace OAuthMcp.Integration.Hosting;

/// <summary>
/// Adds an access token to each request, for programs that cannot send one, and passes all else through as it comes: a foreign Host and
/// Origin too.
/// </summary>
internal sealed class BearerProxy : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private BearerProxy(WebApplication app) => this.app = app;

    public static async Task<BearerProxy> StartAsync(int port, Uri server, string accessToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        var proxy = new BearerProxy(builder.Build());
        proxy.app.Run(context => proxy.ForwardAsync(context, server, accessToken));
        await proxy.app.StartAsync(TestContext.Current.CancellationToken);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        http.Dispose();
    }

    private async Task ForwardAsync(HttpContext context, Uri server, string accessToken)
    {
        try
        {
            using var request = new HttpRequestMessage(
                new HttpMethod(context.Request.Method),
                new Uri(server, context.Request.Path + context.Request.QueryString)
            );
            if (HttpMethods.IsPost(context.Request.Method))
                request.Content = new StreamContent(context.Request.Body);
            foreach (var (name, values) in context.Request.Headers)
                if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                    request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            request.Headers.Authorization = new("Bearer", accessToken);

            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
            context.Response.StatusCode = (int)response.StatusCode;
            foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
                if (name != "Transfer-Encoding")
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
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The suite hung up on a stream, as it may.
        }
    }
}
