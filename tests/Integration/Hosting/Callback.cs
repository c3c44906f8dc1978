using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace OAuthMcp.Integration.Hosting;

/// <summary>Where a client waits for its answer: a listener on a real socket that a browser is sent to.</summary>
internal sealed class Callback : IAsyncDisposable
{
    private const string Path = "/callback";
    private readonly StandIn standIn;
    private readonly Channel<Answer> answers;

    private Callback(StandIn standIn, Channel<Answer> answers, string host) =>
        (this.standIn, this.answers, RedirectUri) = (standIn, answers, $"{standIn.Address.Scheme}://{host}:{standIn.Address.Port}{Path}");

    public string RedirectUri { get; }

    /// <param name="host">A name of this machine that the redirect URI has.</param>
    /// <param name="onward">Where the client sends the browser on to; null for a page that says it is done.</param>
    /// <param name="ready">What the client waits for before it answers the browser.</param>
    public static async Task<Callback> StartAsync(
        string host = "127.0.0.1",
        string? onward = null,
        X509Certificate2? certificate = null,
        Task? ready = null
    )
    {
        var answers = Channel.CreateUnbounded<Answer>();
        return new Callback(
            await StandIn.StartAsync(http => AnswerAsync(http, answers.Writer, onward, ready ?? Task.CompletedTask), certificate),
            answers,
            host
        );
    }

    /// <summary>The next answer that a browser brings.</summary>
    public async Task<Answer> NextAsync() =>
        await answers.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(ServerProcess.Patience);

    /// <summary>How many answers came that no test took.</summary>
    public int Waiting => answers.Reader.Count;

    public ValueTask DisposeAsync() => standIn.DisposeAsync();

    private static async Task AnswerAsync(HttpContext http, ChannelWriter<Answer> answers, string? onward, Task ready)
    {
        if (http.Request.Path != Path)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        answers.TryWrite(new Answer(QueryHelpers.ParseQuery(http.Request.QueryString.Value), http.Request.Headers.Referer));
        // the browser may go elsewhere meanwhile
        await ready.WaitAsync(http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (onward is not null)
        {
            http.Response.Redirect(onward + http.Request.QueryString);
            return;
        }

        http.Response.ContentType = "text/html; charset=utf-8";
        await http.Response.WriteAsync(
            "<!DOCTYPE html><html lang=en><title>Done</title><link rel=icon href=data:,><h1>You can go back to your application.</h1>"
        );
    }

    /// <param name="Referrer">The page that the browser says it came from, if it says so.</param>
    public sealed record Answer(Dictionary<string, StringValues> Parameters, string? Referrer)
    {
        public string Code => Parameters["code"].ToString();
    }
}
