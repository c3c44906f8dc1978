using System.Net.Http.Headers;
using OAuthMcp.Application.Tools;

namespace OAuthMcp.Infrastructure.Http;

/// <summary>
/// Signs each try with the token of whoever calls now, and only towards the configured address. Reads the context
/// anew each time: the factory keeps handlers for minutes, across callers. Holds answers to a size that fits memory.
/// </summary>
internal sealed class BearerTokenHandler(ITokenContext context, Uri baseAddress) : DelegatingHandler
{
    /// <summary>Largest answer that is read, in bytes.</summary>
    public const int MaxAnswerSize = 1024 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        if (request.Options.TryGetValue(new HttpRequestOptionsKey<Tries>(Tries.Key), out var tries)) tries.Count++;
        var isConfiguredHost = Uri.Compare(request.RequestUri, baseAddress, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;
        request.Headers.Authorization = isConfiguredHost && context.Caller is { } caller ? new AuthenticationHeaderValue("Bearer", caller.Token.Reveal()) : null;

        var response = await base.SendAsync(request, ct);
        await response.Content.LoadIntoBufferAsync(MaxAnswerSize, ct); // throws ConfigurationLimitExceeded beyond it
        return response;
    }
}
