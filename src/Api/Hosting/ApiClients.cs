using OAuthMcp.Api.Mcp;
using OAuthMcp.Application.Tools;
using OAuthMcp.Infrastructure.Downstream;

namespace OAuthMcp.Api.Hosting;

/// <summary>HTTP clients that tools of a program of one's own call an API with.</summary>
public static class ApiClients
{
    /// <summary>
    /// Lets this client call the API at <c>Downstream:BaseAddress</c> with the token that <c>Downstream:Token</c> names: at that address
    /// alone, renewed once where the API answers 401, and with time budgets, a breaker and retries of what is safe to repeat. Where
    /// there is no token it throws <see cref="NoTokenException"/>, which becomes the result of the tool.
    /// </summary>
    /// <remarks>It needs <c>AddOAuthMcp</c>, and <c>Downstream:BaseAddress</c> in the configuration.</remarks>
    public static IHttpClientBuilder CallsApiBehind(this IHttpClientBuilder client)
    {
        client.Services.AddSingleton(new ApiClient(client.Name));
        return client.CallsDownstream();
    }
}
