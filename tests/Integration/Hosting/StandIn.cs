using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace OAuthMcp.Integration.Hosting;

/// <summary>An API on a real socket that answers as its test says, and remembers what it was asked.</summary>
internal sealed class StandIn : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Request> requests = new();
    private int connections;

    private StandIn(WebApplication app) => this.app = app;

    /// <summary>How often somebody connected, whether a request came or not.</summary>
    public int Connections => connections;

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>In the order they arrived.</summary>
    public IReadOnlyCollection<Request> Requests => requests;

    public static async Task<StandIn> StartAsync(RequestDelegate answer, X509Certificate2? certificate = null)
    {
        StandIn? standIn = null;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
                {
                    listen.Use(next =>
                        connection =>
                        {
                            Interlocked.Increment(ref standIn!.connections);
                            return next(connection);
                        }
                    );
                    if (certificate is not null)
                        listen.UseHttps(certificate);
                }));
        standIn = new StandIn(builder.Build());
        standIn.app.Run(http =>
        {
            standIn.requests.Enqueue(
                new Request(
                    http.Request.Method,
                    http.Request.Path + http.Request.QueryString,
                    http.Request.Headers.Authorization.ToString()
                )
            );
            return answer(http);
        });
        await standIn.app.StartAsync(TestContext.Current.CancellationToken);
        standIn.Address = new Uri(
            standIn.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()
        );
        return standIn;
    }

    /// <summary>What httpbin answers to GET /anything, as far as the tools read it.</summary>
    public static Task AnythingAsync(HttpContext http) =>
        http.Response.WriteAsJsonAsync(
            new
            {
                method = http.Request.Method,
                url = $"http://{http.Request.Host}{http.Request.Path}{http.Request.QueryString}",
                args = http.Request.Query.ToDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString()),
                headers = http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()),
            }
        );

    /// <summary>Answers nothing until the caller hangs up.</summary>
    public static async Task GoneAsync(HttpContext http)
    {
        var gone = new TaskCompletionSource();
        await using var _ = http.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    /// <summary>Passes requests on to the real API, and hands what that answered to the test.</summary>
    public static Task<StandIn> RecordingAsync(Uri behind, Action<string> answered) =>
        StartAsync(async http =>
        {
            using var client = new HttpClient();
            using var request = new HttpRequestMessage(
                new HttpMethod(http.Request.Method),
                new Uri(behind, http.Request.Path + http.Request.QueryString)
            );
            foreach (var (name, values) in http.Request.Headers)
                if (name != "Host")
                    request.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            using var response = await client.SendAsync(request, http.RequestAborted);
            var body = await response.Content.ReadAsStringAsync(http.RequestAborted);
            answered(body);
            (http.Response.StatusCode, http.Response.ContentType) = (
                (int)response.StatusCode,
                response.Content.Headers.ContentType?.ToString()
            );
            await http.Response.WriteAsync(body, http.RequestAborted);
        });

    public ValueTask DisposeAsync() => app.DisposeAsync();

    public sealed record Request(string Method, string Target, string Authorization);
}
