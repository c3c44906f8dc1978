using OAuthMcp.Api.Http;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Hosting;

internal static class TransportSecurity
{
    private const string SpokenScheme = "scheme.spoken";

    /// <summary>Uses the scheme of the public URL for links, cookies and forms, since TLS may end at a proxy.</summary>
    public static IApplicationBuilder UsePublicScheme(this IApplicationBuilder app, string publicScheme) =>
        app.Use(next =>
            http =>
            {
                http.Items[SpokenScheme] = http.Request.Scheme;
                http.Request.Scheme = publicScheme;
                return next(http);
            }
        );

    /// <summary>
    /// Refuses a secret that came over plain http although the public URL is https, before it is read (OAuth 2.1 §1.5). Only a
    /// trusted proxy may say that it was https.
    /// </summary>
    public static IApplicationBuilder UseTransportSecurity(this IApplicationBuilder app, string publicScheme) =>
        app.Use(next =>
            http =>
                publicScheme == "https"
                && http.Items[SpokenScheme] is "http"
                && http.GetEndpoint()?.Metadata is { } endpoint
                && endpoint.GetMetadata<TakesSecrets>() is { } secrets
                && (!secrets.InFormsAlone || Acts(http, endpoint))
                    ? http.AnswerAsync(
                        OAuthError.InvalidRequest(
                            "This endpoint is served over https only; a proxy that ends TLS must be in Server:TrustedProxies."
                        )
                    )
                    : next(http)
        );

    private static bool Acts(HttpContext http, EndpointMetadataCollection endpoint) =>
        HttpMethods.IsPost(http.Request.Method) || endpoint.GetMetadata<ActsOnGetAttribute>() is not null;
}
