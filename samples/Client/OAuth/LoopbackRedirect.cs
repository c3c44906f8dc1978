using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OAuthMcp.Client.OAuth;

/// <summary>Waits for the browser on a loopback port of its own (RFC 8252 §7.3).</summary>
internal sealed class LoopbackRedirect : IDisposable
{
    private readonly HttpListener listener;

    private LoopbackRedirect(HttpListener listener, string redirectUri) => (this.listener, RedirectUri) = (listener, redirectUri);

    public string RedirectUri { get; }

    /// <param name="registered">An earlier redirect URI, whose port is taken again if it is free: not every server ignores the
    /// port.</param>
    public static LoopbackRedirect Listen(string? registered)
    {
        if (registered is not null && TryListen(registered) is { } again)
            return again;
        for (var attempt = 0; attempt < 10; attempt++)
            if (TryListen(NewUri()) is { } listening)
                return listening;
        throw new OAuthException("No loopback port is free to wait for the browser on.");
    }

    public static string NewUri()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/callback";
    }

    /// <summary>The answer to this request. Other visitors, such as a page that tries ports, are sent away.</summary>
    public async Task<AuthorizationResponse> WaitAsync(AuthorizationRequest request, CancellationToken ct)
    {
        while (true)
        {
            var visit = await listener.GetContextAsync().WaitAsync(ct);
            if (
                visit.Request.HttpMethod == "GET"
                && visit.Request.Url?.AbsolutePath == new Uri(RedirectUri).AbsolutePath
                && AuthorizationResponse.OfQuery(visit.Request.Url.Query) is { } answer
                && request.IsAnsweredBy(answer)
            )
            {
                await ReplyAsync(visit.Response, HttpStatusCode.OK, AnswerPage.Of(answer), ct);
                return answer;
            }

            var stray = AnswerPage.Of("Nothing waits for this", "It is not an answer to the sign-in that is under way.");
            await ReplyAsync(visit.Response, HttpStatusCode.NotFound, stray, ct);
        }
    }

    public void Dispose() => listener.Close();

    private static LoopbackRedirect? TryListen(string redirectUri)
    {
        var listener = new HttpListener { Prefixes = { new Uri(redirectUri).GetLeftPart(UriPartial.Authority) + "/" } };
        try
        {
            listener.Start();
            return new LoopbackRedirect(listener, redirectUri);
        }
        catch (HttpListenerException)
        {
            listener.Close();
            return null;
        }
    }

    private static async Task ReplyAsync(HttpListenerResponse response, HttpStatusCode status, string page, CancellationToken ct)
    {
        response.StatusCode = (int)status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers["Content-Security-Policy"] = AnswerPage.ContentSecurityPolicy;
        response.Headers["X-Content-Type-Options"] = "nosniff";
        response.Headers["Cache-Control"] = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.KeepAlive = false;
        var body = Encoding.UTF8.GetBytes(page);
        response.ContentLength64 = body.Length;
        await response.OutputStream.WriteAsync(body, ct);
        response.Close();
    }
}
