using System.Net;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Api.Doctor;

/// <summary>Whether a server that this one needs answers at all. It sends no token and follows no redirect.</summary>
internal static class RemoteLook
{
    public static async Task<Finding> AtAsync(Uri address, Uri? proxy, CancellationToken ct)
    {
        using var http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseProxy = proxy is not null,
                Proxy = proxy is null ? null : new WebProxy(ConfiguredDownstream.WithoutPassword(proxy)),
            }
        );
        return await AskAsync(http, address, ct);
    }

    /// <summary>By its metadata, where it has any.</summary>
    public static async Task<Finding> AtProviderAsync(UpstreamProvider provider, CancellationToken ct)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        return provider.Kind.OwnsLastSlash
            ? await AskAsync(http, new Uri($"{provider.BaseUrl.TrimEnd('/')}/.well-known/openid-configuration"), ct)
            : await AskAsync(http, new Uri(provider.BaseUrl), ct);
    }

    private static async Task<Finding> AskAsync(HttpClient http, Uri address, CancellationToken ct)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.UserAgent.ParseAdd("OAuthMcp");
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            return (int)answer.StatusCode >= 500
                ? Finding.Fault($"{address} answers {Answers.Status(answer)}.", "Look whether that server is well.")
                : Finding.Ok($"{address} answers.");
        }
        catch (HttpRequestException failure)
        {
            return Answers.Unreachable(failure, address);
        }
    }
}
