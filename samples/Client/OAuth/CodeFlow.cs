using OAuthMcp.Client.Terminal;

namespace OAuthMcp.Client.OAuth;

/// <summary>
/// Asks the user: registers where needed, sends the browser off, waits for its answer and changes the code into tokens (OAuth 2.1
/// §4.1).
/// </summary>
internal sealed class CodeFlow(ClientOptions options, HttpClient http, Func<Uri, bool> openBrowser, Narrator narrator)
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private const int Pastes = 3;

    private readonly Registration registration = new(options, http);

    /// <param name="registered">Who this program became at an earlier sign-in at this server.</param>
    public async Task<SignIn> RunAsync(
        ServerMetadata server,
        string resource,
        string? scope,
        ClientIdentity? registered,
        CancellationToken ct
    )
    {
        using var loopback = options.Paste ? null : LoopbackRedirect.Listen(registered?.RedirectUri);
        var redirectUri = loopback?.RedirectUri ?? registered?.RedirectUri ?? LoopbackRedirect.NewUri();
        var client = registration.Given(server)
            ?? registration.Described(server)
            ?? registered
            ?? await RegisterAsync(server, redirectUri, ct);

        var request = new AuthorizationRequest(server, client.ClientId, redirectUri, resource, scope);
        var url = request.Url(options.Server);
        narrator.Step(scope is null ? "Asking for your permission" : $"Asking for your permission: {scope}");
        narrator.Link(url, isOpen: options.OpensBrowser && !options.Paste && openBrowser(url));
        var code = loopback is null ? await AskForCodeAsync(request, ct) : request.Accept(await WaitAsync(loopback, request, ct));

        var tokens = await new TokenEndpoint(http, server, client, options).ExchangeAsync(request, code, resource, scope, ct);
        return new SignIn(options.Server.AbsoluteUri, server.Issuer!, resource, client, tokens, scope);
    }

    private async Task<ClientIdentity> RegisterAsync(ServerMetadata server, string redirectUri, CancellationToken ct)
    {
        var client = await registration.RegisterAsync(server, redirectUri, ct);
        narrator.Step($"Registered as {client.ClientId} (RFC 7591)");
        return client;
    }

    /// <summary>What was pasted wrongly can be pasted again; a refusal is an answer too.</summary>
    private async Task<string> AskForCodeAsync(AuthorizationRequest request, CancellationToken ct)
    {
        OAuthException? why = null;
        for (var tries = 0; tries < Pastes && await narrator.AskForAnswerAsync(ct) is { } pasted; tries++)
            try
            {
                var answer = AuthorizationResponse.OfPaste(pasted)
                    ?? throw new OAuthException("The answer has a parameter more than once.");
                return request.Accept(answer);
            }
            catch (OAuthException failure) when (failure.Error is null)
            {
                why = failure;
                narrator.Warn(failure.Message);
            }

        throw why ?? new OAuthException("Nothing was pasted.");
    }

    private async Task<AuthorizationResponse> WaitAsync(LoopbackRedirect loopback, AuthorizationRequest request, CancellationToken ct)
    {
        narrator.Step("Waiting for the browser; Ctrl+C ends it.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            return await loopback.WaitAsync(request, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new OAuthException($"No answer came from the browser within {Patience.TotalMinutes:0} minutes.");
        }
    }
}
