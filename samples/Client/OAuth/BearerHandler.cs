using System.Net.Http.Headers;

namespace OAuthMcp.Client.OAuth;

/// <summary>
/// Puts the access token on each request to the MCP server (RFC 6750 §2.1), answers challenges and sends the request again, a few times
/// at most.
/// </summary>
internal sealed class BearerHandler(TokenSource tokens, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int Attempts = 4; // no token, expired, refused, step-up

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        if (request.Content is not null)
            await request.Content.LoadIntoBufferAsync(ct);
        var token = tokens.Token;
        for (var attempt = 1; ; attempt++)
        {
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            var response = await base.SendAsync(request, ct);
            if (Challenge.Of(response) is not { } challenge)
                return response;
            response.Dispose();
            if (attempt == Attempts)
                throw new OAuthException(
                    $"The server refuses a token that was just issued: {challenge.Error} {challenge.ErrorDescription}".TrimEnd(' ', ':')
                );
            token = await tokens.AnswerAsync(challenge, token, ct);
        }
    }
}
