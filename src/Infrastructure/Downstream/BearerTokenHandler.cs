using System.Net;
using System.Net.Http.Headers;
using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Infrastructure.Downstream;

/// <summary>
/// Adds the token of the present caller to each try, at the configured address only. It asks for the token each time, since the
/// factory keeps handlers across callers; one that the API refuses is replaced once, where there is another. Answers that would not
/// fit into memory fail.
/// </summary>
internal sealed class BearerTokenHandler(ITokenContext context, IDownstreamTokens tokens, Uri baseAddress) : DelegatingHandler
{
    /// <summary>Largest answer that is read, in bytes.</summary>
    public const int MaxAnswerSize = 1024 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        request.Options.TryGetValue(new HttpRequestOptionsKey<Tries>(Tries.Key), out var tries);
        var isConfiguredHost =
            Uri.Compare(
                request.RequestUri,
                baseAddress,
                UriComponents.SchemeAndServer,
                UriFormat.SafeUnescaped,
                StringComparison.OrdinalIgnoreCase
            ) == 0;
        if (!isConfiguredHost || context.Caller is not { } caller)
            return await SendAsync(request, null, tries, ct);

        var token = await GetTokenAsync(caller, null, ct);
        var response = await SendAsync(request, token, tries, ct);
        if (response.StatusCode != HttpStatusCode.Unauthorized || token.Equals(caller.Token))
            return response;
        response.Dispose();
        return await SendAsync(request, await GetTokenAsync(caller, token, ct), tries, ct);
    }

    private async Task<Secret> GetTokenAsync(Caller caller, Secret? refused, CancellationToken ct) =>
        await tokens.GetAsync(caller, refused, ct) is var found && found.Value is { } token ? token : throw new NoTokenException(found);

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Secret? token, Tries? tries, CancellationToken ct)
    {
        if (tries is not null)
            tries.Count++;
        if (token is not null)
            tries?.Sent.Add(token);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token.Reveal());
        var response = await base.SendAsync(request, ct);
        await response.Content.LoadIntoBufferAsync(MaxAnswerSize, ct); // throws ConfigurationLimitExceeded beyond it
        return response;
    }
}
