using System.Net;
using ModelContextProtocol.AspNetCore;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Configuration;

/// <summary>The configuration, read once and proven: what this holds can be started on.</summary>
internal sealed record ServerSettings
{
    public required OAuthSettings OAuth { get; init; }

    /// <summary>What Kestrel listens on.</summary>
    public required string ListenUrl { get; init; }

    public required Uri PublicUrl { get; init; }
    public required string DataDirectory { get; init; }
    public required string? Database { get; init; }
    public required Uri Downstream { get; init; }

    /// <summary>Whether the callers' tokens leave this machine.</summary>
    public bool SendsTokensElsewhere => OAuth.DownstreamToken == DownstreamTokenSource.Received && !IsLoopbackHost(Downstream);

    public required IReadOnlyList<SeedAccount> Seed { get; init; }
    public required HttpServerSessionMode SessionMode { get; init; }
    public required IReadOnlyCollection<string> AllowedOrigins { get; init; }
    public required bool RefusesGetWith405 { get; init; }

    /// <summary>Whether a tool result carries the challenge too, for clients that look nowhere else.</summary>
    public required bool ChallengesInToolResults { get; init; }

    public required LimitsOptions Limits { get; init; }
    public required int RegistrationsPerMinute { get; init; }
    public required IReadOnlyList<IPNetwork> TrustedProxies { get; init; }

    public bool IsLoopback => IsLoopbackHost(PublicUrl);

    /// <param name="toolScopes">Every scope that a tool asks for.</param>
    /// <exception cref="ConfigurationException">A key is unknown, malformed or unsafe.</exception>
    public static ServerSettings Read(IConfiguration configuration, ScopeSet toolScopes, IHostEnvironment environment)
    {
        var isDevelopment = environment.IsDevelopment();
        var server = configuration.Section<ServerOptions>("Server");
        var oauth = configuration.Section<OAuthOptions>("OAuth");
        var mcp = configuration.Section<McpOptions>("Mcp");
        var downstream = configuration.Section<DownstreamOptions>("Downstream");
        var limits = configuration.Section<LimitsOptions>("Limits").Check();
        var accounts = configuration.Section<AccountsOptions>("Accounts");
        var providers = ConfiguredProviders.Read(configuration.Section<UpstreamOptions>("Upstream"));
        var isLocal = accounts.ReadLocal(providers.Count > 0);

        var (listenUrl, port) = server.ReadAddress();
        var publicUrl = oauth.ReadPublicUrl(port);
        var issuer = publicUrl.GetLeftPart(UriPartial.Authority);
        var challenge = mcp.ReadChallengeScopes(toolScopes);
        return new ServerSettings
        {
            OAuth = ReadDownstreamToken(
                downstream,
                oauth.Read(issuer, toolScopes, challenge, limits.OpenAuthorizations, isLocal, isDevelopment) with
                {
                    Providers = providers,
                    Authority = ConfiguredAuthority.Read(configuration, issuer + ResourceIndicator.EndpointPath),
                }
            ),
            ListenUrl = listenUrl,
            PublicUrl = publicUrl,
            DataDirectory = Path.Combine(environment.ContentRootPath, server.DataDirectory),
            Database = ConfiguredDatabase.Read(configuration),
            Downstream = ReadDownstream(downstream.BaseAddress ?? (isDevelopment ? $"http://localhost:{port}" : "https://httpbin.org")),
            Seed = accounts.Seed,
            SessionMode = mcp.ReadSessionMode(),
            AllowedOrigins = [issuer, .. mcp.AllowedOrigins],
            ChallengesInToolResults = mcp.ChallengeInToolResults,
            Limits = limits,
            RegistrationsPerMinute = oauth.Registration.PerMinute,
            TrustedProxies = server.ReadTrustedProxies(),
            RefusesGetWith405 = mcp.ReadRefusesGetWith405(),
        };
    }

    public static Uri ReadDownstream(string address) =>
        Uri.TryCreate(address.TrimEnd('/'), UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && uri.UserInfo == ""
        && uri.Query == ""
            ? uri
            : throw new ConfigurationException("Downstream:BaseAddress must be an absolute http or https URL.");

    private static OAuthSettings ReadDownstreamToken(DownstreamOptions downstream, OAuthSettings settings)
    {
        if (!Enum.TryParse<DownstreamTokenSource>(downstream.Token, out var source) || !Enum.IsDefined(source))
            throw new ConfigurationException("Downstream:Token must be Received, Exchanged or Upstream.");
        if ((source == DownstreamTokenSource.Exchanged) != downstream.Audience is { Length: > 0 })
            throw new ConfigurationException(
                "Downstream:Audience names the API that Exchanged tokens are for; it goes with Downstream:Token=Exchanged alone."
            );
        // A token for that API must not open this one.
        if (downstream.Audience is { } audience && settings.Resource.Refuse([audience]) is null)
            throw new ConfigurationException("Downstream:Audience must not be this server.");
        if (source == DownstreamTokenSource.Upstream && settings.Providers.Count == 0)
            throw new ConfigurationException("Downstream:Token=Upstream needs a provider: Upstream:ClientId.");
        if (
            downstream.Provider is not null
            && (source != DownstreamTokenSource.Upstream || settings.FindProvider(downstream.Provider) is null)
        )
            throw new ConfigurationException(
                "Downstream:Provider must name one of Upstream's, and goes with Downstream:Token=Upstream alone."
            );
        return settings with
        {
            DownstreamToken = source,
            DownstreamAudience = downstream.Audience,
            DownstreamProvider = downstream.Provider,
        };
    }

    internal static bool IsLoopbackHost(Uri uri) =>
        uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
