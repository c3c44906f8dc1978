using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Application.Tools;
using OAuthMcp.Infrastructure.Accounts;
using OAuthMcp.Infrastructure.Http;
using OAuthMcp.Infrastructure.Keys;
using OAuthMcp.Infrastructure.Persistence;
using OAuthMcp.Infrastructure.Persistence.Stores;
using Refit;

namespace OAuthMcp.Infrastructure;

public static class InfrastructureServices
{
    /// <summary>How long a statement waits for SQLite's one writer before the answer is 503, in seconds.</summary>
    private const int LockTimeout = 3;

    /// <summary>Database, accounts and keys: what the embedded authorization server stands on.</summary>
    /// <param name="connectionString">Of the database; null for the SQLite file in <paramref name="data"/>.</param>
    /// <param name="passwordChecks">How many passwords are hashed at a time; 0 for no limit.</param>
    public static IServiceCollection AddAuthorizationServerStores(this IServiceCollection services, DataDirectory data, string? connectionString, int passwordChecks)
    {
        var sqlite = new SqliteConnectionStringBuilder(connectionString ?? $"Data Source={data.Database}") { DefaultTimeout = LockTimeout, ForeignKeys = true };
        services.AddSingleton(data);
        services.AddDbContext<OAuthDbContext, SqliteOAuthDbContext>(options => options.UseSqlite(sqlite.ConnectionString));
        services.AddDataProtection().SetApplicationName("OAuthMcp").PersistKeysToFileSystem(data.Keys);

        services.AddIdentityCore<Account>(options =>
        {
            // NIST SP 800-63B §5.1.1.2: length, not classes of characters.
            (options.Password.RequireDigit, options.Password.RequireLowercase, options.Password.RequireUppercase, options.Password.RequireNonAlphanumeric) = (false, false, false, false);
            options.Password.RequiredLength = 8;
            options.User.AllowedUserNameCharacters = "";
            options.Stores.SchemaVersion = OAuthDbContext.IdentitySchema;
        }).AddEntityFrameworkStores<OAuthDbContext>();
        services.AddSingleton<UnknownNames>();
        services.AddSingleton(new PasswordQueue(passwordChecks));
        services.AddScoped<SignInAttempts>();
        services.AddScoped<ISecondFactors, SecondFactors>();
        services.AddScoped<IdentityAccounts>();
        services.AddScoped<IAccounts>(provider => provider.GetRequiredService<IdentityAccounts>());
        services.AddScoped<ISessionStamps>(provider => provider.GetRequiredService<IdentityAccounts>());

        services.AddSingleton<SigningKeyRing>();
        services.AddSingleton<IKeySet>(provider => provider.GetRequiredService<SigningKeyRing>());
        services.AddSingleton<JwtAccessTokens>();
        services.AddSingleton<IAccessTokenSigner>(provider => provider.GetRequiredService<JwtAccessTokens>());
        services.AddSingleton<IAccessTokenVerifier>(provider => provider.GetRequiredService<JwtAccessTokens>());

        services.AddSingleton<IClientAssertions, ClientAssertions>();
        services.AddSingleton<IMetadataDocuments, ClientMetadataFetcher>();
        services.AddHostedService<Housekeeping>();

        services.AddScoped<IUsedAssertions, UsedAssertions>();
        services.AddScoped<IClientStore, ClientStore>();
        services.AddScoped<IClientAdministration, ClientStore>();
        services.AddScoped<IAuthorizationRequestStore, AuthorizationRequestStore>();
        services.AddScoped<IConsentStore, ConsentStore>();
        services.AddScoped<IConnections, Connections>();
        services.AddScoped<IAuthorizationCodeStore, AuthorizationCodeStore>();
        services.AddScoped<IRefreshTokenStore, RefreshTokenStore>();
        services.AddScoped<IGrantStore, GrantStore>();
        services.AddScoped<IAccessTokenStore, AccessTokenStore>();
        return services.AddScoped(provider => new Database(provider.GetRequiredService<OAuthDbContext>(), provider.GetRequiredService<SigningKeyRing>()));
    }

    /// <summary>The API behind the tools, with the token of the context attached inside its resilience pipeline.</summary>
    public static IServiceCollection AddDownstream(this IServiceCollection services, Uri baseAddress)
    {
        var client = services.AddRefitGeneratedClient<IHttpBinApi>()
            .ConfigureHttpClient(http => (http.BaseAddress, http.Timeout) = (baseAddress, Timeout.InfiniteTimeSpan))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) });
        client.AddDownstreamResilience();
        client.AddHttpMessageHandler(provider => new BearerTokenHandler(provider.GetRequiredService<ITokenContext>(), baseAddress));
        return services.AddTransient<IHttpBin>(provider => new HttpBinClient(provider.GetRequiredService<IHttpBinApi>(), baseAddress));
    }
}
