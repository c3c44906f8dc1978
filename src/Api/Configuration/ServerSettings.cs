using System.Net;
using Microsoft.Data.Sqlite;
using ModelContextProtocol.AspNetCore;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Configuration;

/// <summary>The configuration, read once and proven: what this holds can be started on.</summary>
internal sealed record ServerSettings
{
    // Of the 30 s that a host has for its end.
    private static readonly TimeSpan LongestStopDelay = TimeSpan.FromSeconds(25);

    public required OAuthSettings OAuth { get; init; }

    /// <summary>What Kestrel listens on.</summary>
    public required IReadOnlyList<string> ListenUrls { get; init; }

    public required Uri PublicUrl { get; init; }

    /// <summary>Whether it is configured, and not made up from the port.</summary>
    public required bool HasPublicUrl { get; init; }

    /// <summary>How long whoever probes is told that it is over, before the server stops listening.</summary>
    public required TimeSpan StopDelay { get; init; }
    public required string DataDirectory { get; init; }
    public required string? Database { get; init; }
    public required ConfiguredDownstream Downstream { get; init; }

    public required IReadOnlyList<SeedAccount> Seed { get; init; }
    public required HttpServerSessionMode SessionMode { get; init; }
    public required IReadOnlyCollection<string> AllowedOrigins { get; init; }
    public required bool RefusesGetWith405 { get; init; }

    /// <summary>Whether a tool result carries the challenge too, for clients that look nowhere else.</summary>
    public required bool ChallengesInToolResults { get; init; }

    public required LimitsOptions Limits { get; init; }
    public required int RegistrationsPerMinute { get; init; }
    public required IReadOnlyList<IPNetwork> TrustedProxies { get; init; }

    public bool IsLoopback => ConfiguredDownstream.IsLoopback(PublicUrl);

    /// <param name="toolScopes">Every scope that a tool asks for; null as long as that is not known, and no scope can be checked.</param>
    /// <exception cref="ConfigurationException">A key is unknown, malformed or unsafe.</exception>
    public static ServerSettings Read(IConfiguration configuration, ScopeSet? toolScopes, IHostEnvironment environment)
    {
        var isDevelopment = environment.IsDevelopment();
        var server = configuration.Section<ServerOptions>("Server");
        var oauth = configuration.Section<OAuthOptions>("OAuth");
        var mcp = configuration.Section<McpOptions>("Mcp");
        var downstream = configuration.Section<DownstreamOptions>("Downstream");
        var limits = ReadLimits(configuration.Section<LimitsOptions>("Limits"));
        var accounts = configuration.Section<AccountsOptions>("Accounts");
        var providers = ConfiguredProviders.Read(configuration.Section<UpstreamOptions>("Upstream"));
        var isLocal = accounts.Local ?? providers.Count == 0;
        if (!isLocal && providers.Count == 0)
            throw new ConfigurationException("Accounts:Local: nobody could sign in, since Upstream names no provider.");
        if (!isLocal && accounts.Seed.Length > 0)
            throw new ConfigurationException("Accounts:Seed: accounts of this server cannot sign in unless Accounts:Local is true.");

        // The framework's key, which ASPNETCORE_URLS sets, means the same.
        var (listenUrls, port) = ReadAddresses(server.Address ?? configuration[WebHostDefaults.ServerUrlsKey] ?? "localhost:8080");
        if (server.StopDelay < TimeSpan.Zero || server.StopDelay > LongestStopDelay)
            throw new ConfigurationException($"Server:StopDelay must be between 00:00:00 and {LongestStopDelay}.");
        var publicUrl = ReadPublicUrl(oauth.PublicUrl ?? $"http://localhost:{port}");
        var issuer = publicUrl.GetLeftPart(UriPartial.Authority);
        return new ServerSettings
        {
            OAuth = ConfiguredDownstream.ReadToken(
                downstream,
                ReadOAuth(oauth, mcp, issuer, toolScopes, isDevelopment) with
                {
                    MaxOpenAuthorizations = limits.OpenAuthorizations,
                    Providers = providers,
                    LocalAccounts = isLocal,
                    Authority = ConfiguredAuthority.Read(configuration, issuer + ResourceIndicator.EndpointPath),
                }
            ),
            ListenUrls = listenUrls,
            PublicUrl = publicUrl,
            HasPublicUrl = oauth.PublicUrl is not null,
            StopDelay = server.StopDelay,
            DataDirectory = Path.Combine(environment.ContentRootPath, server.DataDirectory),
            Database = ReadDatabase(configuration.GetConnectionString("Database")),
            Downstream = ConfiguredDownstream.Read(downstream, isDevelopment ? $"http://localhost:{port}" : null),
            Seed = accounts.Seed,
            SessionMode =
                Enum.TryParse<HttpServerSessionMode>(mcp.SessionMode, out var mode) && Enum.IsDefined(mode)
                    ? mode
                    : throw new ConfigurationException(
                        $"Mcp:SessionMode must be one of {string.Join(", ", Enum.GetNames<HttpServerSessionMode>())}."
                    ),
            AllowedOrigins = [issuer, .. mcp.AllowedOrigins],
            ChallengesInToolResults = mcp.ChallengeInToolResults,
            Limits = limits,
            RegistrationsPerMinute = oauth.Registration is { PerMinute: >= 0, MaxClients: >= 0 }
                ? oauth.Registration.PerMinute
                : throw new ConfigurationException("OAuth:Registration:PerMinute and MaxClients must not be negative."),
            TrustedProxies = [.. server.TrustedProxies.Select(ReadProxy)],
            RefusesGetWith405 = mcp.UnauthenticatedGet switch
            {
                401 => false,
                405 => true,
                _ => throw new ConfigurationException("Mcp:UnauthenticatedGet must be 401 or 405."),
            },
        };
    }

    private static OAuthSettings ReadOAuth(OAuthOptions oauth, McpOptions mcp, string issuer, ScopeSet? toolScopes, bool isDevelopment)
    {
        foreach (
            var (key, value) in new[]
            {
                ("AccessTokenLifetime", oauth.AccessTokenLifetime),
                ("RefreshTokenLifetime", oauth.RefreshTokenLifetime),
                ("GrantLifetime", oauth.GrantLifetime),
                ("CodeLifetime", oauth.CodeLifetime),
            }
        )
            if (value <= TimeSpan.Zero)
                throw new ConfigurationException($"OAuth:{key} must be longer than zero.");
        if (oauth.CodeLifetime > TimeSpan.FromMinutes(10))
            throw new ConfigurationException("OAuth:CodeLifetime must be at most 00:10:00."); // RFC 6749 §4.1.2
        if (oauth.RefreshGrace < TimeSpan.Zero || oauth.RefreshGrace > TimeSpan.FromMinutes(1))
            throw new ConfigurationException("OAuth:RefreshGrace must be between 00:00:00 and 00:01:00.");
        if (oauth.SigningAlgorithm is not ("ES256" or "RS256"))
            throw new ConfigurationException("OAuth:SigningAlgorithm must be ES256 or RS256.");

        var defaults = mcp.ChallengeScopes.Length > 0 ? ScopeSet.Of(mcp.ChallengeScopes) : toolScopes ?? ScopeSet.Of(ScopeSet.Read);
        if (toolScopes?.Covers(defaults) == false)
            throw new ConfigurationException($"Mcp:ChallengeScopes must name some of {toolScopes}.");
        var schemes = oauth.Registration.PrivateUseSchemes ?? RedirectUri.KnownSchemes;
        return new OAuthSettings
        {
            Issuer = issuer,
            Resource = new ResourceIndicator(issuer),
            SupportedScopes = toolScopes ?? defaults,
            DefaultScopes = defaults,
            AccessTokenLifetime = oauth.AccessTokenLifetime,
            RefreshTokenLifetime = oauth.RefreshTokenLifetime,
            GrantLifetime = oauth.GrantLifetime,
            CodeLifetime = oauth.CodeLifetime,
            RefreshGrace = oauth.RefreshGrace,
            SigningAlgorithm = oauth.SigningAlgorithm,
            RegistrationEnabled = oauth.Registration.Enabled,
            MaxRegisteredClients = oauth.Registration.MaxClients,
            Clients = ConfiguredClients.Read(oauth.Clients, schemes, toolScopes),
            MetadataDocuments = ReadDocuments(oauth.ClientMetadataDocuments, isDevelopment),
            PrivateUseSchemes = schemes,
        };
    }

    private static string? ReadDatabase(string? connectionString)
    {
        try
        {
            return connectionString is null ? null : new SqliteConnectionStringBuilder(connectionString).ConnectionString;
        }
        catch (ArgumentException failure)
        {
            throw new ConfigurationException($"ConnectionStrings:Database: {failure.Message}");
        }
    }

    private static MetadataDocumentPolicy? ReadDocuments(MetadataDocumentOptions documents, bool isDevelopment)
    {
        if (documents.AllowLoopback && !isDevelopment)
            throw new ConfigurationException("OAuth:ClientMetadataDocuments:AllowLoopback is for Development alone.");
        return documents.Enabled
            ? new MetadataDocumentPolicy([.. documents.AllowedHosts.Select(host => host.ToLowerInvariant())], documents.AllowLoopback)
            : null;
    }

    private static LimitsOptions ReadLimits(LimitsOptions limits)
    {
        foreach (var property in typeof(LimitsOptions).GetProperties().Where(property => property.PropertyType == typeof(int)))
            if ((int)property.GetValue(limits)! < 0)
                throw new ConfigurationException($"Limits:{property.Name} must not be negative.");
        return limits;
    }

    private static IPNetwork ReadProxy(string proxy) =>
        IPNetwork.TryParse(proxy.Contains('/') ? proxy : $"{proxy}/{(proxy.Contains(':') ? 128 : 32)}", out var network)
            ? network
            : throw new ConfigurationException("Server:TrustedProxies must hold addresses or networks such as 10.0.0.0/8.");

    private static (IReadOnlyList<string> Urls, int Port) ReadAddresses(string addresses)
    {
        var read = addresses
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(ReadAddress)
            .ToList();
        return read.Count > 0 ? ([.. read.Select(address => address.Url)], read[0].Port) : throw NoAddress;
    }

    // :8080 is every interface, as * and + are; host:port and URLs are taken as they are.
    private static (string Url, int Port) ReadAddress(string address)
    {
        var url = address.Contains("://", StringComparison.Ordinal) ? address : $"http://{(address.StartsWith(':') ? "*" : "")}{address}";
        var isEverywhere = url.Contains("://*", StringComparison.Ordinal) || url.Contains("://+", StringComparison.Ordinal);
        return
            Uri.TryCreate(
                isEverywhere ? url.Replace("://*", "://0.0.0.0").Replace("://+", "://0.0.0.0") : url,
                UriKind.Absolute,
                out var uri
            )
            && uri.Scheme is "http" or "https"
            && uri.Port != 0
            && uri.PathAndQuery == "/"
            ? ($"{uri.Scheme}://{(isEverywhere ? "*" : uri.Host)}:{uri.Port}", uri.Port)
            : throw NoAddress;
    }

    private static ConfigurationException NoAddress => new("Server:Address must be :port, host:port or a URL.");

    private static Uri ReadPublicUrl(string publicUrl)
    {
        if (
            !Uri.TryCreate(publicUrl, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https")
            || uri.PathAndQuery != "/"
            || uri.UserInfo != ""
            || uri.Fragment != ""
        )
            throw new ConfigurationException("OAuth:PublicUrl must be an absolute URL without path, such as https://mcp.example.com.");
        if (uri.Scheme == "http" && !ConfiguredDownstream.IsLoopback(uri))
            throw new ConfigurationException("OAuth:PublicUrl must be https unless its host is loopback.");
        return uri;
    }
}
