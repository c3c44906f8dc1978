using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Application.Tools;
using OAuthMcp.Infrastructure.Remote;
using Refit;

namespace OAuthMcp.Infrastructure.Downstream;

internal static class DownstreamServices
{
    // Clients are made for each call, and would each learn how to read an answer anew.
    private static readonly RefitSettings Settings = new();

    /// <summary>The API behind the tools.</summary>
    /// <param name="proxy">May hold a user name and a password. Null for none, whatever the environment says.</param>
    public static IServiceCollection AddDownstream(this IServiceCollection services, Uri baseAddress, Uri? proxy)
    {
        services.AddSingleton(new DownstreamApi(baseAddress, proxy));
        services.AddRefitGeneratedClient<IHttpBinApi>(Settings).CallsDownstream();
        return services.AddTransient<IHttpBin>(provider => new HttpBinClient(provider.GetRequiredService<IHttpBinApi>(), baseAddress));
    }

    /// <summary>Calls that API, with the token for it attached inside the resilience pipeline.</summary>
    public static IHttpClientBuilder CallsDownstream(this IHttpClientBuilder client)
    {
        client
            .ConfigureHttpClient((provider, http) => (http.BaseAddress, http.Timeout) = (ApiOf(provider).Folder, Timeout.InfiniteTimeSpan))
            .ConfigurePrimaryHttpMessageHandler(provider =>
            {
                var proxy = ApiOf(provider).Proxy;
                return new SocketsHttpHandler
                {
                    AllowAutoRedirect = false,
                    UseCookies = false,
                    UseProxy = proxy is not null,
                    Proxy = proxy is null ? null : new WebProxy(proxy) { Credentials = CredentialsOf(proxy) },
                    PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                };
            })
            .RemoveAllLoggers(); // the outcome of the tool is logged instead
        client.AddDownstreamResilience();
        return client.AddHttpMessageHandler(provider => new BearerTokenHandler(
            provider.GetRequiredService<ITokenContext>(),
            provider.GetRequiredService<IDownstreamTokens>(),
            ApiOf(provider).BaseAddress
        ));
    }

    private static DownstreamApi ApiOf(IServiceProvider provider) => provider.GetRequiredService<DownstreamApi>();

    private static NetworkCredential? CredentialsOf(Uri proxy) =>
        proxy.UserInfo.Split(':', 2) is [{ Length: > 0 } user, .. var password]
            ? new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(string.Concat(password)))
            : null;
}
