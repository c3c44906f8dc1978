using System.Net;
using System.Security.Cryptography.X509Certificates;
using ModelContextProtocol.AspNetCore;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Configuration;

/// <summary>The configuration, read once and checked: the server can start on what this holds.</summary>
internal sealed record ServerSettings
{
    public required OAuthSettings OAuth { get; init; }

    /// <summary>What Kestrel listens on.</summary>
    public required IReadOnlyList<string> ListenUrls { get; init; }

    public required Uri PublicUrl { get; init; }

    /// <summary>Whether the public URL is configured, and not derived from the port.</summary>
    public required bool HasPublicUrl { get; init; }

    /// <summary>For how long probes are told that the server ends, before it stops listening.</summary>
    public required TimeSpan StopDelay { get; init; }
    public required string DataDirectory { get; init; }
    public required DatabaseAddress? Database { get; init; }
    public required ConfiguredDownstream Downstream { get; init; }

    /// <summary>The certificate that seals the keys at rest, then the one before it. None when file modes alone guard them.</summary>
    public required IReadOnlyList<X509Certificate2> Protection { get; init; }

    public required IReadOnlyList<SeedAccount> Seed { get; init; }
    public required HttpServerSessionMode SessionMode { get; init; }
    public required IReadOnlyCollection<string> AllowedOrigins { get; init; }
    public required bool AnswersGetWith405 { get; init; }

    /// <summary>Whether a tool result carries the challenge too, for clients that read it only there.</summary>
    public required bool ChallengesInToolResults { get; init; }

    public required LimitsOptions Limits { get; init; }
    public required int RegistrationsPerMinute { get; init; }
    public required IReadOnlyList<IPNetwork> TrustedProxies { get; init; }

    public bool IsLoopback => ConfiguredDownstream.IsLoopback(PublicUrl);

    /// <param name="toolScopes">Every scope that a tool asks for; null while that is not known, so that no scope is checked.</param>
    /// <exception cref="ConfigurationException">A key is unknown, malformed or unsafe.</exception>
    public static ServerSettings Read(IConfiguration configuration, ScopeSet? toolScopes, IHostEnvironment environment)
    {
        var isDevelopment = environment.IsDevelopment();
        var server = configuration.Section<ServerOptions>("Server");
        var oauth = configuration.Section<OAuthOptions>("OAuth");
        var mcp = configuration.Section<McpOptions>("Mcp");
        var downstream = configuration.Section<DownstreamOptions>("Downstream");
        var limits = configuration.Section<LimitsOptions>("Limits").Check();
        var audit = configuration.Section<AuditOptions>("Audit").Check();
        var accounts = configuration.Section<AccountsOptions>("Accounts");
        var providers = ConfiguredProviders.Read(configuration.Section<UpstreamOptions>("Upstream"));
        var isLocal = accounts.ReadLocal(providers.Count > 0);

        // ASPNETCORE_URLS sets the framework's own key, which means the same.
        var (listenUrls, port) = server.ReadAddresses(configuration[WebHostDefaults.ServerUrlsKey]);
        var publicUrl = oauth.ReadPublicUrl(port);
        var issuer = publicUrl.GetLeftPart(UriPartial.Authority);
        var challenge = mcp.ReadChallengeScopes(toolScopes);
        var authority = ConfiguredAuthority.Read(configuration, issuer + ResourceIndicator.EndpointPath);
        var database = ConfiguredDatabase.Read(configuration);
        var protection = ConfiguredProtection.Read(configuration.Section<ProtectionOptions>("Protection"), environment.ContentRootPath);
        if (authority is null && database is { Kind: DatabaseKind.Postgres } && protection.Count == 0 && !isDevelopment)
            throw new ConfigurationException(
                "Protection:CertificateFile or Protection:KeyFile is missing: on PostgreSQL the keys lie beside what they seal, "
                    + "so they have to be sealed themselves."
            );
        return new ServerSettings
        {
            OAuth = ConfiguredDownstream.ReadToken(
                downstream,
                oauth.Read(issuer, toolScopes, challenge, limits.OpenAuthorizations, isLocal, isDevelopment) with
                {
                    Administrators = accounts.Administrators,
                    MaxOpenPerPeer = limits.OpenAuthorizationsPerPeer,
                    MaxOpenPerOrigin = limits.OpenAuthorizationsPerOrigin,
                    MaxClientsPerPeer = limits.UnusedClientsPerPeer,
                    MaxWrongPasswordsPerMinute = limits.SignInPerMinute,
                    MaxProviderAccounts = limits.ProviderAccounts,
                    Providers = providers,
                    Authority = authority,
                    AuditRetention = audit.Retention,
                    MaxAuditEvents = audit.MaxRoutineEvents,
                }
            ),
            ListenUrls = listenUrls,
            PublicUrl = publicUrl,
            HasPublicUrl = oauth.PublicUrl is not null,
            StopDelay = server.ReadStopDelay(),
            DataDirectory = Path.Combine(environment.ContentRootPath, server.DataDirectory),
            Database = database,
            Downstream = ConfiguredDownstream.Read(downstream, isDevelopment ? $"http://localhost:{port}" : null),
            Protection = protection,
            Seed = accounts.Seed,
            SessionMode = mcp.ReadSessionMode(),
            AllowedOrigins = [issuer, .. mcp.AllowedOrigins],
            ChallengesInToolResults = mcp.ChallengeInToolResults,
            Limits = limits,
            RegistrationsPerMinute = oauth.Registration.PerMinute,
            TrustedProxies = server.ReadTrustedProxies(),
            AnswersGetWith405 = mcp.ReadAnswersGetWith405(),
        };
    }
}
