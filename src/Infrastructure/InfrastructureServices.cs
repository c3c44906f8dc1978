using System.Data.Common;
using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OAuthMcp.Application;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Keys;
using OAuthMcp.Application.Protocol;
using OAuthMcp.Application.Settings;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Application.Tools;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Infrastructure.Accounts;
using OAuthMcp.Infrastructure.Authority;
using OAuthMcp.Infrastructure.Clients;
using OAuthMcp.Infrastructure.Downstream;
using OAuthMcp.Infrastructure.Keys;
using OAuthMcp.Infrastructure.Operations;
using OAuthMcp.Infrastructure.Persistence;
using OAuthMcp.Infrastructure.Persistence.Postgres;
using OAuthMcp.Infrastructure.Persistence.Revocations;
using OAuthMcp.Infrastructure.Persistence.Sqlite;
using OAuthMcp.Infrastructure.Persistence.Stores;
using OAuthMcp.Infrastructure.Remote;
using OAuthMcp.Infrastructure.Upstream;

namespace OAuthMcp.Infrastructure;

internal static class InfrastructureServices
{
    /// <summary>How long SQLite's writer is waited for before the answer is 503.</summary>
    private static readonly TimeSpan DatabasePatience = TimeSpan.FromSeconds(3);

    /// <summary>Database, accounts and keys, on which the embedded authorization server stands.</summary>
    /// <param name="database">Null for the SQLite file in <paramref name="data"/>.</param>
    /// <param name="certificates">The one that seals the key ring, then those that only open it; none for a ring in clear.</param>
    /// <param name="passwordChecks">How many passwords are hashed at a time; 0 for no limit.</param>
    /// <param name="writeQueue">How many wait for SQLite's one writer; 0 for no limit.</param>
    public static IServiceCollection AddAuthorizationServerStores(
        this IServiceCollection services,
        DataDirectory data,
        DatabaseAddress? database,
        IReadOnlyList<X509Certificate2> certificates,
        int passwordChecks,
        int writeQueue
    )
    {
        services.AddSingleton(data);
        if (database is { Kind: DatabaseKind.Postgres })
            services.AddPostgres(database.ConnectionString, PostgresServices.Patience);
        else
            services
                .AddSqlite(database?.ConnectionString ?? $"Data Source={data.Database};Mode=ReadWrite", writeQueue, DatabasePatience)
                .AddSingleton<IKeyRing>(provider => new KeyRingFolder(data.Keys, provider.GetRequiredService<ILoggerFactory>()));
        // For who seldom needs it: to make the first one takes longer than all else at a start.
        services.AddScoped(provider => new Lazy<OAuthDbContext>(provider.GetRequiredService<OAuthDbContext>));
        var protection = services.AddDataProtection().SetApplicationName("OAuthMcp");
        services.AddOptions<KeyManagementOptions>().Configure<IKeyRing>((options, ring) => options.XmlRepository = ring);
        if (certificates is [var present, ..])
            protection.ProtectKeysWithCertificate(present).UnprotectKeysWithAnyCertificate([.. certificates]);
        services.AddSingleton(provider => new KeyRingSeal(
            provider.GetRequiredService<IKeyRing>(),
            certificates,
            provider,
            provider.GetRequiredService<ILoggerFactory>()
        ));

        services.AddAccounts(passwordChecks);

        services.AddSingleton<KeySeal>().AddSingleton<SigningKeyRing>().AddSingleton<SigningKeyReader>();
        services.AddScoped<SigningKeyRows>().AddScoped<ISigningKeys, SigningKeys>();
        services.AddSingleton<IKeySet>(provider => provider.GetRequiredService<SigningKeyRing>());
        services.AddSingleton<JwtAccessTokens>();
        services.AddSingleton<ITokenReader, OwnTokenReader>();
        services.AddSingleton<IAccessTokenSigner>(provider => provider.GetRequiredService<JwtAccessTokens>());
        services.AddSingleton<IAccessTokenVerifier>(provider => provider.GetRequiredService<JwtAccessTokens>());

        services.AddRevocations();
        services.AddSingleton<IRevocationHearer>(provider => provider.GetRequiredService<SigningKeyReader>());
        services.AddSingleton<IRevocationHearer, EndedSessions>();
        services.AddSingleton<IClientAssertions, ClientAssertions>().AddSingleton<IMetadataDocuments, ClientMetadataFetcher>();
        services.AddHostedService<Housekeeping>();

        services.AddRemoteHttp();
        services.AddSingleton<IUpstreamProviders, UpstreamProviders>();
        services.AddSingleton<UpstreamTokenSeal>();
        services.AddSingleton<IUpstreamTokenStore, UpstreamTokenStore>();
        services.AddScoped<IUpstreamSignIns, UpstreamSignIns>();
        services.AddScoped<IUpstreamAccounts, UpstreamAccounts>();
        services.AddSingleton<ExchangedTokens>();

        services.AddScoped<IUsedOnce, UsedOnce>();
        services.AddScoped<IFailureCounts, FailureCounts>();
        services.AddScoped<IProtocolSessions, ProtocolSessions>();
        services.AddScoped<IClientStore, ClientStore>();
        services.AddScoped<IClientAdministration, ClientStore>();
        services.AddScoped<IAuthorizationRequestStore, AuthorizationRequestStore>();
        services.AddScoped<IConsentStore, ConsentStore>();
        services.AddScoped<IConnections, Connections>();
        services.AddScoped<IAuthorizationCodeStore, AuthorizationCodeStore>();
        services.AddScoped<IRefreshTokenStore, RefreshTokenStore>();
        services.AddScoped<IGrantStore, GrantStore>().AddScoped<FoundGrant>();
        services.AddScoped<IGrantAdministration, GrantAdministration>();
        services.AddScoped<IAccessTokenStore, AccessTokenStore>();
        services.AddScoped<CleanUp>();
        services.AddScoped<IAuditRecords, AuditRecords>().TryAddScoped<CurrentAct>();
        services.AddSingleton<DatabaseHealthMemory>();
        services.AddScoped(provider => new DatabaseHealth(
            provider.GetRequiredService<Lazy<OAuthDbContext>>(),
            provider.GetRequiredService<IDatabaseEngine>(),
            provider.GetRequiredService<DatabaseHealthMemory>(),
            provider.GetRequiredService<TimeProvider>()
        ));
        return services.AddScoped(provider => new Database(
            provider.GetRequiredService<IDatabaseEngine>(),
            provider.GetRequiredService<DbDataSource>(),
            provider.GetRequiredService<SigningKeyReader>(),
            provider.GetRequiredService<KeyRingSeal>(),
            data,
            provider.GetRequiredService<TimeProvider>()
        ));
    }

    /// <summary>Checks the tokens of an external authorization server instead of issuing any.</summary>
    public static IServiceCollection AddExternalAuthority(this IServiceCollection services, ExternalAuthority authority)
    {
        services.AddRemoteHttp();
        services.AddSingleton(authority).AddSingleton<IRevocations, UntoldRevocations>().AddSingleton<ITokenReader, AuthorityTokenReader>();
        services.AddSingleton(provider => new RemoteIssuer(
            authority.Issuer,
            mayEndInSlash: false,
            hasKeys: authority.ClientId is null,
            provider.GetRequiredService<RemoteHttp>(),
            provider.GetRequiredService<TimeProvider>()
        ));
        return authority.ClientId is null
            ? services.AddSingleton<IAccessTokenChecks, AuthorityTokens>()
            : services.AddSingleton<IAccessTokenChecks, IntrospectedTokens>();
    }

    /// <summary>Where the tools get the token for the API behind this server, as configured.</summary>
    public static IServiceCollection AddDownstreamTokens(this IServiceCollection services, DownstreamTokenSource source) =>
        source switch
        {
            DownstreamTokenSource.Exchanged => services.AddSingleton<IDownstreamTokens>(provider =>
                provider.GetRequiredService<ExchangedTokens>()
            ),
            DownstreamTokenSource.Upstream => services.AddUpstreamTokens().AddHostedService<EndOfRenewals>(),
            _ => services.AddSingleton<IDownstreamTokens, ReceivedTokens>(),
        };

    private static void AddRemoteHttp(this IServiceCollection services)
    {
        services
            .AddHttpClient(RemoteHttp.ClientName, http => http.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() =>
                new SocketsHttpHandler
                {
                    AllowAutoRedirect = false,
                    UseCookies = false,
                    Proxy = new EnvironmentProxy(),
                    PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                    MaxConnectionsPerServer = RemoteHttp.MostConnections,
                    ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(), // spans here, no header there
                }
            )
            .RemoveAllLoggers()
            .AddUpstreamResilience();
        services.AddSingleton<RemoteHttp>();
    }
}
