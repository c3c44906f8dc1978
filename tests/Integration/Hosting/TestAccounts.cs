using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Accounts;

namespace OAuthMcp.Integration.Hosting;

/// <summary>What accounts of a test are given without the pages.</summary>
internal static class TestAccounts
{
    /// <summary>From now on the account is asked for a code, which nobody has.</summary>
    public static async Task TurnSecondFactorOnAsync(this TestServer server, string userName)
    {
        await using var scope = server.App.Services.CreateAsyncScope();
        var (factors, ct) = (scope.ServiceProvider.GetRequiredService<ISecondFactors>(), TestContext.Current.CancellationToken);
        var subject = (await scope.ServiceProvider.GetRequiredService<IAccountAdministration>().ListAsync(ct))
            .First(account => account.UserName == userName)
            .Subject;
        await factors.ProposeAsync(subject, AuthenticatorKey.Generate(), ct);
        Assert.True(await factors.TryTurnOnAsync(subject, 0, [], ct));
    }
}
