using System.Security.Cryptography;
using OAuthMcp.Infrastructure.Operations;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Api.Hosting;

/// <summary>A look at the data of a server from another process beside it. It makes and migrates nothing.</summary>
internal static class DataLook
{
    /// <summary>Where the database is, for an operator; a password is not part of it.</summary>
    public static async Task<string> FindPlaceAsync(this IServiceProvider services, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Database>().FindPlaceAsync(ct);
    }

    /// <returns>What is wrong with the database, and what should be mended although it serves; null where nothing is.</returns>
    public static async Task<(string? Trouble, string? Warning)> FindTroubleAsync(this IServiceProvider services, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var health = scope.ServiceProvider.GetRequiredService<DatabaseHealth>();
        return (await health.FindTroubleAsync(ct), health.Warning);
    }

    /// <returns>Why the signing keys cannot be used as this is configured; null where they can.</returns>
    public static async Task<string?> FindKeyTroubleAsync(this IServiceProvider services, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        try
        {
            await scope.ServiceProvider.GetRequiredService<Database>().CheckKeysAsync(ct);
            return null;
        }
        catch (DatabaseException failure)
        {
            return failure.Message;
        }
        catch (CryptographicException)
        {
            return "the key ring found here does not open them.";
        }
    }
}
