using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Infrastructure.Accounts;

/// <summary>The accounts of this server: ASP.NET Core Identity over the same database, and what guards the passwords.</summary>
internal static class AccountServices
{
    /// <param name="passwordChecks">How many passwords are hashed at a time; 0 for no limit.</param>
    public static void AddAccounts(this IServiceCollection services, int passwordChecks)
    {
        services.AddSingleton<ILookupNormalizer, NameNormalizer>();
        services
            .AddIdentityCore<Account>(options =>
            {
                // NIST SP 800-63B §5.1.1.2: length, not classes of characters.
                (
                    options.Password.RequireDigit,
                    options.Password.RequireLowercase,
                    options.Password.RequireUppercase,
                    options.Password.RequireNonAlphanumeric
                ) = (false, false, false, false);
                options.Password.RequiredLength = 8;
                options.User.AllowedUserNameCharacters = "";
                options.Stores.SchemaVersion = OAuthDbContext.IdentitySchema;
            })
            .AddEntityFrameworkStores<OAuthDbContext>();
        services.AddSingleton(new PasswordQueue(passwordChecks));
        services.AddScoped<SignInAttempts>().AddScoped<IFailedSignIns, SignInAttempts>();
        services.AddScoped<ISecondFactors, SecondFactors>().AddScoped<IRecoveryCodes, SecondFactors>();
        services.AddScoped<IAccounts, IdentityAccounts>().AddScoped<IAccountAdministration, AccountAdministration>();
        services.AddScoped<ISessionStamps, SessionStamps>().AddScoped<ISessionAdministration, SessionAdministration>();
        services.AddScoped<IAccountDetails, StoredAccountDetails>();
    }
}
