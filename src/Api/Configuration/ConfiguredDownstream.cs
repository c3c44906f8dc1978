using System.Net;
using OAuthMcp.Application.Settings;

namespace OAuthMcp.Api.Configuration;

/// <summary>The API of <c>Downstream</c>, which the tools call with a token.</summary>
/// <param name="Proxy">
/// Null for none. The environment's own, such as <c>http_proxy</c>, does not count: whoever runs that proxy would read the token.
/// </param>
/// <param name="IsConfigured">Whether somebody named the API, instead of leaving the default.</param>
internal sealed record ConfiguredDownstream(Uri BaseAddress, Uri? Proxy, bool IsConfigured)
{
    /// <summary>The default.</summary>
    private const string Public = "https://httpbin.org";

    /// <summary>The first other machine that a token is sent to, with its key; null while tokens stay on this machine.</summary>
    public (string Key, Uri Address)? Elsewhere =>
        Proxy is { } proxy && !IsLoopback(proxy) ? ("Downstream:Proxy", WithoutPassword(proxy))
        : !IsLoopback(BaseAddress) ? ("Downstream:BaseAddress", BaseAddress)
        : null;

    /// <param name="ownAddress">The address of this server, which serves as the API in Development; null otherwise.</param>
    /// <exception cref="ConfigurationException">An address is none that can be called.</exception>
    public static ConfiguredDownstream Read(DownstreamOptions options, string? ownAddress) =>
        new(
            Uri.TryCreate((options.BaseAddress ?? ownAddress ?? Public).TrimEnd('/'), UriKind.Absolute, out var address)
            && address.Scheme is "http" or "https"
            && address.UserInfo == ""
            && address.Query == ""
                ? address
                : throw new ConfigurationException("Downstream:BaseAddress must be an absolute http or https URL."),
            options.Proxy is null ? null
                : Uri.TryCreate(options.Proxy, UriKind.Absolute, out var proxy)
                && proxy.Scheme is "http" or "https" or "socks5"
                && proxy.PathAndQuery is "/" or ""
                    ? proxy
                : throw new ConfigurationException("Downstream:Proxy must be an absolute URL such as http://proxy.example.com:3128."),
            options.BaseAddress is not null
        );

    /// <summary>Which token the tools send there.</summary>
    /// <exception cref="ConfigurationException">It names a token that this server does not have.</exception>
    public static OAuthSettings ReadToken(DownstreamOptions options, OAuthSettings settings)
    {
        if (!Enum.TryParse<DownstreamTokenSource>(options.Token, out var source) || !Enum.IsDefined(source))
            throw new ConfigurationException("Downstream:Token must be Received, Exchanged or Upstream.");
        if ((source == DownstreamTokenSource.Exchanged) != options.Audience is { Length: > 0 })
            throw new ConfigurationException(
                "Downstream:Audience names the API that Exchanged tokens are for; it goes with Downstream:Token=Exchanged alone."
            );
        // A token for that API must not be good for this server.
        if (options.Audience is { } audience && settings.Resource.Refuse([audience]) is null)
            throw new ConfigurationException("Downstream:Audience must not be this server.");
        if (source == DownstreamTokenSource.Upstream && settings.Providers.Count == 0)
            throw new ConfigurationException("Downstream:Token=Upstream needs a provider: Upstream:ClientId.");
        if (options.Provider is not null && (source != DownstreamTokenSource.Upstream || settings.FindProvider(options.Provider) is null))
            throw new ConfigurationException(
                "Downstream:Provider must name one of Upstream's, and goes with Downstream:Token=Upstream alone."
            );
        return settings with { DownstreamToken = source, DownstreamAudience = options.Audience, DownstreamProvider = options.Provider };
    }

    /// <summary>The address for logs and pages, since a proxy's URL may hold a password.</summary>
    public static Uri WithoutPassword(Uri uri) => new(uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped));

    public static bool IsLoopback(Uri uri) =>
        uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
