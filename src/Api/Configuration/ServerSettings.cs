using System.Net;
using System.Security.Cryptography.X509Certificates;
using ModelContextProtocol.AspNetCore;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

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

    /// <summary>Whether a tool without a scope of its own stops the start, instead of being there for everybody who may read.</summary>
    public required bool RequiresDeclaredScopes { get; init; }

    /// <summary>The sentences of the operator, by scope.</summary>
    public required IReadOnlyDictionary<string, string> ScopeSentences { get; init; }

    /// <summary>What a model reads of how to use this server; null for nothing.</summary>
    public required string? Instructions { get; init; }

    public required Look Look { get; init; }
    public required LimitsOptions Limits { get; init; }
    public required int RegistrationsPerMinute { get; init; }
    public required IReadOnlyList<IPNetwork> TrustedProxies { get; init; }

    public bool IsLoopback => ConfiguredDownstream.IsLoopback(PublicUrl);

    /// <param name="toolScopes">Every scope that a tool asks for; null while that is not known, so that no scope is checked.</param>
    /// <exception cref="ConfigurationException">Keys are unknown, malformed or unsafe: all of them at once.</exception>
    public static ServerSettings Read(IConfiguration configuration, ScopeSet? toolScopes, IHostEnvironment environment)
    {
        var faults = new FoundFaults();
        T Section<T>(string name)
            where T : class, new() => faults.Of(() => configuration.Section<T>(name), new T());

        var isDevelopment = environment.IsDevelopment();
        var server = Section<ServerOptions>("Server");
        var oauth = Section<OAuthOptions>("OAuth");
        var mcp = Section<McpOptions>("Mcp");
        var downstream = Section<DownstreamOptions>("Downstream");
        var limits = faults.Of(Section<LimitsOptions>("Limits").Check, new LimitsOptions());
        var audit = faults.Of(Section<AuditOptions>("Audit").Check, new AuditOptions());
        var accounts = Section<AccountsOptions>("Accounts");
        var branding = Section<BrandingOptions>("Branding");
        var upstream = Section<UpstreamOptions>("Upstream");
        var providers = faults.Of<IReadOnlyList<UpstreamProvider>?>(() => ConfiguredProviders.Read(upstream), null);
        // What follows from a fault is none of its own.
        var isLocal = providers is null || faults.Of(() => accounts.ReadLocal(providers.Count > 0), true);

        // ASPNETCORE_URLS sets the framework's own key, which means the same.
        var (listenUrls, port) = faults.Of(
            () => server.ReadAddresses(configuration[WebHostDefaults.ServerUrlsKey]),
            (["http://localhost:8080"], 8080)
        );
        var publicUrl = faults.Of(() => oauth.ReadPublicUrl(port), new Uri($"http://localhost:{port}"));
        var issuer = publicUrl.GetLeftPart(UriPartial.Authority);
        var challenge = faults.Of(() => mcp.ReadChallengeScopes(toolScopes), ScopeSet.Of(ScopeSet.Read));
        var hasAuthority = configuration.GetSection("Authority").Exists();
        var authority = faults.Of(() => ConfiguredAuthority.Read(configuration, issuer + ResourceIndicator.EndpointPath), null);
        var database = faults.Of(() => ConfiguredDatabase.Read(configuration), null);
        var protection = faults.Of<IReadOnlyList<X509Certificate2>?>(
            () => ConfiguredProtection.Read(Section<ProtectionOptions>("Protection"), environment.ContentRootPath),
            null
        );
        faults.Check(
            hasAuthority || database is not { Kind: DatabaseKind.Postgres } || protection is not { Count: 0 } || isDevelopment,
            "Protection:CertificateFile or Protection:KeyFile is missing: on PostgreSQL the keys lie beside what they seal, "
                + "so they have to be sealed themselves."
        );
        faults.Check(server.Transport is "http" or "stdio", "Server:Transport must be http or stdio.");
        var settings = oauth.Read(issuer, toolScopes, challenge, limits.OpenAuthorizations, isLocal, isDevelopment, faults) with
        {
            Brand = branding.ReadBrand(faults),
            Languages = Languages.All,
            Administrators = accounts.Administrators,
            MaxOpenPerPeer = limits.OpenAuthorizationsPerPeer,
            MaxOpenPerOrigin = limits.OpenAuthorizationsPerOrigin,
            MaxClientsPerPeer = limits.UnusedClientsPerPeer,
            MaxWrongPasswordsPerMinute = limits.SignInPerMinute,
            MaxProviderAccounts = limits.ProviderAccounts,
            Providers = providers ?? [],
            Authority = authority,
            AuditRetention = audit.Retention,
            MaxAuditEvents = audit.MaxRoutineEvents,
        };
        if (providers is not null && hasAuthority == authority is not null)
            settings = faults.Of(() => ConfiguredDownstream.ReadToken(downstream, settings), settings);
        var api = faults.Of(() => ConfiguredDownstream.Read(downstream, isDevelopment ? $"http://localhost:{port}" : null), null!);
        var stopDelay = faults.Of(server.ReadStopDelay, default);
        var proxies = faults.Of(server.ReadTrustedProxies, []);
        var sessions = faults.Of(mcp.ReadSessionMode, default);
        var instructions = faults.Of(mcp.ReadInstructions, null);
        var look = branding.ReadLook(environment.ContentRootPath, faults);
        var answersGetWith405 = faults.Of(mcp.ReadAnswersGetWith405, default);
        var sentences = faults.Of(() => mcp.ReadSentences(toolScopes), new Dictionary<string, string>());
        faults.ThrowIfAny();
        return new ServerSettings
        {
            OAuth = settings,
            ListenUrls = listenUrls,
            PublicUrl = publicUrl,
            HasPublicUrl = oauth.PublicUrl is not null,
            StopDelay = stopDelay,
            DataDirectory = Path.Combine(environment.ContentRootPath, server.DataDirectory),
            Database = database,
            Downstream = api,
            Protection = protection!,
            Seed = accounts.Seed,
            SessionMode = sessions,
            AllowedOrigins = [issuer, .. mcp.AllowedOrigins],
            ScopeSentences = sentences,
            RequiresDeclaredScopes = mcp.RequireDeclaredScopes,
            ChallengesInToolResults = mcp.ChallengeInToolResults,
            Instructions = instructions,
            Look = look,
            Limits = limits,
            RegistrationsPerMinute = oauth.Registration.PerMinute,
            TrustedProxies = proxies,
            AnswersGetWith405 = answersGetWith405,
        };
    }
}
