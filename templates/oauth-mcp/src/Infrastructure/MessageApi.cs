using System.Net.Http.Headers;
using System.Net.Http.Json;
using OAuthMcp.Application.Tools;
using Template._1.Application;
using Template._1.Domain;

namespace Template._1.Infrastructure;

/// <summary>
/// Calls the API with the token that <c>Downstream:Token</c> names: the caller's own, one that is minted for the API, or the user's at
/// a provider such as GitHub. Here the API is httpbin's /anything, which answers with what it was sent.
/// </summary>
internal sealed class MessageApi(HttpClient http, ITokenContext context, IDownstreamTokens tokens) : IMessageApi
{
    public async Task<SentMessage> SendAsync(Message message, CancellationToken ct)
    {
        if (context.Caller is not { } caller)
            return new SentMessage(null, "Nobody is signed in.");
        var token = await tokens.GetAsync(caller, refused: null, ct);
        if (token.Value is not { } secret)
            return new SentMessage(null, token.Failure);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"anything?message={Uri.EscapeDataString(message.Text)}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret.Reveal());
        try
        {
            using var response = await http.SendAsync(request, ct);
            return response.IsSuccessStatusCode
                ? new SentMessage((await response.Content.ReadFromJsonAsync<Echo>(ct))?.Args["message"], null)
                : new SentMessage(null, $"The API answered {(int)response.StatusCode}.");
        }
        catch (HttpRequestException)
        {
            return new SentMessage(null, "The API cannot be reached.");
        }
    }

    private sealed record Echo(Dictionary<string, string> Args);
}
