using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Api.Hosting;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Pieces;

/// <summary>
/// The product as it is composed and started, on a SQLite file of its own: a user who allowed an application, and a machine. Each
/// use case runs in a scope of its own, as a request does.
/// </summary>
internal sealed class Product : IAsyncDisposable
{
    private const string Application = "pieces";
    private const string Machine = "pieces-machine";
    private const string Callback = "https://app.example/callback";
    private const string Password = "correct horse battery";

    private static readonly Secret MachineSecret = Secret.Generate();

    private readonly string folder = Path.Combine(Path.GetTempPath(), "oauthmcp-pieces", Path.GetRandomFileName());
    private readonly Secret verifier = Secret.Generate();
    private WebApplication app = null!;
    private Visitor visitor = null!;

    public IServiceProvider Services => app.Services;

    public static async Task<Product> StartAsync()
    {
        var product = new Product();
        product.app = HttpServer.Build(
            new Dictionary<string, string?>
            {
                ["Server:Address"] = "localhost:18590",
                ["Server:DataDirectory"] = product.folder,
                ["Server:StopDelay"] = "00:00:00",
                ["Downstream:BaseAddress"] = "http://localhost:9",
                ["Serilog:MinimumLevel:Default"] = "Warning",
                ["Accounts:Seed:0:UserName"] = "alice",
                ["Accounts:Seed:0:Password"] = Password,
                ["OAuth:Clients:0:ClientId"] = Application,
                ["OAuth:Clients:0:RedirectUris:0"] = Callback,
                ["OAuth:Clients:1:ClientId"] = Machine,
                ["OAuth:Clients:1:ClientSecret"] = MachineSecret.Reveal(),
                ["OAuth:Clients:1:GrantTypes:0"] = GrantTypes.ClientCredentials,
                ["OAuth:Clients:1:Scopes:0"] = ScopeSet.Read,
            }
        );
        await product.app.StartAsync();
        await product.SignInAsync();
        return product;
    }

    public async Task<T> SendAsync<T>(IRequest<T> request)
    {
        await using var scope = Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(request, CancellationToken.None);
    }

    /// <summary>A fresh code, which the consent of before answers with.</summary>
    public async Task<Secret> CodeAsync() => CodeOf(await AskAsync());

    public async Task<TokenResponse> ExchangeAsync(Secret code) =>
        Served(await SendAsync(new ExchangeCodeCommand(Public, code, Callback, verifier, [])));

    public async Task<TokenResponse> RefreshAsync(Secret refreshToken) =>
        Served(await SendAsync(new RefreshTokensCommand(Public, refreshToken, null, [])));

    public async Task<TokenResponse> IssueToMachineAsync() =>
        Served(await SendAsync(new IssueClientTokenCommand(new(Machine, MachineSecret, AuthMethods.ClientSecretBasic), null, [])));

    public async Task<CheckedAccessToken> CheckAsync(Secret token) => Served(await SendAsync(new CheckAccessTokenQuery(token)));

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private static ClientCredentials Public => new(Application, null, AuthMethods.None);

    private async Task SignInAsync()
    {
        var outcome = await SendAsync(new SignInCommand("alice", new Secret(Password)));
        var account = ((SignInOutcome.SignedIn)outcome).Account;
        visitor = new Visitor(Secret.Generate(), account.Subject, DateTimeOffset.UtcNow, account.Stamp);
        var asked = (AuthorizeStep.Consent)await AskAsync();
        CodeOf(await SendAsync(new DecideConsentCommand(asked.RequestId, visitor, Allow: true, [ScopeSet.Read, ScopeSet.Write])));
    }

    private Task<AuthorizeStep> AskAsync() =>
        SendAsync(
            new StartAuthorizationCommand(
                Application,
                Callback,
                "code",
                $"{ScopeSet.Read} {ScopeSet.Write}",
                "the-state",
                PkceChallenge.Of(verifier).Value,
                "S256",
                [],
                null,
                null,
                visitor,
                "none"
            )
        );

    private static Secret CodeOf(AuthorizeStep step) =>
        step is AuthorizeStep.Redirect { Response.Code: { } code } ? code : throw new InvalidOperationException($"No code: {step}");

    private static T Served<T>(Result<T> result)
        where T : class =>
        result.Try(out var served, out var refusal) ? served : throw new InvalidOperationException($"{refusal.Code}: {refusal.Detail}");
}
