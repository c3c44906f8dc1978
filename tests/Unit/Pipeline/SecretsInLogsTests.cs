using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NSubstitute;
using OAuthMcp.Application;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Protocol;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Pipeline;

/// <summary>The whole pipeline over substituted ports: what is logged when use cases that hold secrets are served and refused.</summary>
public sealed class SecretsInLogsTests : IDisposable
{
    private const string Canary = "canary";
    private static readonly Secret RegistrationToken = new("registration-token-canary");
    private readonly LogLines log = new();
    private readonly List<AuditEvent> audit = [];
    private readonly ServiceProvider services;

    public SecretsInLogsTests()
    {
        var collection = new ServiceCollection()
            .AddApplication()
            .AddSingleton(Given.Settings)
            .AddSingleton(TimeProvider.System)
            .AddSingleton<ILoggerFactory>(log)
            .AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        var clients = Port<IClientStore>();
        clients
            .FindAsync(Given.ClientId, Arg.Any<CancellationToken>())
            .Returns(Given.Client() with { RegistrationTokenHash = TokenHash.Of(RegistrationToken) });
        clients.TryAddAsync(null!, 0, Given.Ct).ReturnsForAnyArgs(true);
        Port<IMetadataDocuments>();
        var trail = Port<IAuditTrail>();
        trail.When(to => to.Note(Arg.Any<AuditEvent>())).Do(call => audit.Add(call.Arg<AuditEvent>()));
        trail.When(to => to.WriteAsync(Arg.Any<AuditEvent>(), Arg.Any<CancellationToken>())).Do(call => audit.Add(call.Arg<AuditEvent>()));
        Port<IAuditRecords>();
        Port<IClientAssertions>().SubjectOf(null!).ReturnsForAnyArgs(Given.ClientId);
        Port<IUsedOnce>();
        Port<IAccounts>().CheckPasswordAsync("", null!, null!, Given.Ct).ReturnsForAnyArgs(new SignInOutcome.WrongPassword());
        Port<ISecondFactors>().CheckCodeAsync("", null!, null!, Given.Ct).ReturnsForAnyArgs(new SignInOutcome.WrongPassword());
        Port<IPasskeySignIn>().FinishAsync(null!, Given.Ct).ReturnsForAnyArgs(new SignInOutcome.WrongPassword());
        Port<IPasskeys>().AddAsync("", null, null!, Given.Ct).ReturnsForAnyArgs(OAuthError.InvalidRequest("The passkey was not accepted."));
        Port<IConnections>();
        Port<IAccessTokenVerifier>().VerifyAsync(null!, Given.Ct).ReturnsForAnyArgs(OAuthError.InvalidToken("The signature is wrong."));
        Port<IAccessTokenSigner>().Sign(null!).ReturnsForAnyArgs(Given.AccessTokenValue);
        Port<IAuthorizationCodeStore>()
            .FindAsync(TokenHash.Of(Given.CodeValue), Arg.Any<CancellationToken>())
            .Returns(Given.Code(expiresAt: DateTimeOffset.MaxValue));
        Port<IAuthorizationRequestStore>();
        Port<IConsentStore>();
        Port<IAccessTokenStore>();
        Port<IKnownTokens>();
        Port<IRefreshTokenStore>();
        Port<IGrantStore>();
        Port<ITokenContext>().Caller.Returns(Given.Caller(Given.AccessTokenValue.Reveal()));
        Port<IHttpBin>()
            .GetAnythingAsync("", Given.Ct)
            .ReturnsForAnyArgs(new HttpBinAnswer(new ToolOutcome<Anything>(null, "The API did not answer."), []));
        services = collection.BuildServiceProvider();

        T Port<T>()
            where T : class
        {
            var port = Substitute.For<T>();
            collection.AddSingleton(port);
            return port;
        }
    }

    [Fact]
    public async Task L_01_no_use_case_logs_a_secret_whether_it_is_served_or_refused()
    {
        var good = Given.Credentials();
        var wrong = Given.Credentials(secret: new Secret("wrong-canary"));
        var assertion = new ClientCredentials(null, null, AuthMethods.PrivateKeyJwt, new Secret("assertion-canary"));
        Secret random = new("random-canary"),
            verifier = new(Given.Verifier.Reveal());
        foreach (
            var client in new[]
            {
                good,
                wrong,
                good with
                {
                    Method = AuthMethods.None,
                },
                new ClientCredentials("cli_canary-as-id", good.ClientSecret, good.Method),
                assertion,
            }
        )
        {
            await SendAsync(new ExchangeCodeCommand(client, random, Given.Callback, random, []));
            await SendAsync(new ExchangeCodeCommand(client, Given.CodeValue, "https://canary.example/", random, []));
            await SendAsync(new ExchangeCodeCommand(client, Given.CodeValue, Given.Callback, random, ["https://canary.example/"]));
            await SendAsync(new ExchangeCodeCommand(client, Given.CodeValue, Given.Callback, verifier, []));
            await SendAsync(new ExchangeCodeCommand(client, null, null, random, []));
            await SendAsync(new RefreshTokensCommand(client, random, "canary\"", []));
            await SendAsync(new RevokeTokenCommand(client, random));
            await SendAsync(new IntrospectTokenQuery(client, random));
            await SendAsync(new IssueClientTokenCommand(client, "canary\"", ["https://canary.example/"]));
        }

        await SendAsync(new CheckAccessTokenQuery(Given.AccessTokenValue));
        await SendAsync(new SignInCommand("alice-canary", new Secret("password-canary")));
        await SendAsync(new SignInWithCodeCommand("usr_alice", new Secret("code-canary")));
        await SendAsync(new SignInWithPasskeyCommand(new PasskeyAnswer(new Secret("credential-canary"), new Secret("state-canary"))));
        await SendAsync(
            new AddPasskeyCommand("usr_alice", "canary", new PasskeyAnswer(new Secret("credential-canary"), new Secret("state-canary")))
        );
        await SendAsync(new ChangePasswordCommand("alice-canary", new Secret("password-canary"), new Secret("another-canary")));
        await SendAsync(new AddAccountCommand("alice-canary", new Secret("canary")));
        await SendAsync(new RegisterClientCommand(new ClientMetadata { RedirectUris = ["https://app.example/#canary"] }));
        await SendAsync(new RegisterClientCommand(new ClientMetadata { RedirectUris = [Given.Callback], ClientName = "canary" }));
        foreach (var token in new[] { RegistrationToken, new Secret("wrong-canary"), null })
        {
            await SendAsync(new ReadRegistrationQuery(Given.ClientId, token));
            await SendAsync(
                new UpdateRegistrationCommand(
                    Given.ClientId,
                    token,
                    new ClientMetadata { ClientId = Given.ClientId, RedirectUris = ["https://canary.example/"] }
                )
            );
            await SendAsync(new DeleteRegistrationCommand(Given.ClientId, token));
        }

        await SendAsync(
            new StartAuthorizationCommand(
                Given.ClientId,
                null,
                "code",
                "canary\\",
                "canary",
                "canary",
                "canary",
                ["canary"],
                null,
                null,
                Given.Visitor()
            )
        );
        await SendAsync(new DecideConsentCommand("canary", Given.Visitor(), true, []));
        await SendAsync(new MakeAuthenticatedRequestCommand("canary"));
        await SendAsync(new ShowAuthTokenQuery());
        await SendAsync(new WhoAmIQuery());

        Assert.Contains(log.All, line => line.Level == LogLevel.Warning);
        Assert.Contains(log.All, line => line.Level == LogLevel.Debug);
        Assert.All(log.All, line =>
        {
            Assert.DoesNotContain(Canary, line.Text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Given.Verifier.Reveal(), line.Text, StringComparison.Ordinal);
            // Plain words only: an object could be taken apart by the sink.
            Assert.All(line.Values, value => Assert.IsType<string>(value.Value));
        });
        foreach (var what in new[] { "sign_in", "registration", "token_issue", "revocation", "access", "account_change", "administration" })
            Assert.Contains(audit, happened => happened.What == what);
        // But for names, which are no secrets and are kept as they were typed.
        Assert.All(audit, happened =>
            Assert.DoesNotContain(Canary, (happened with { Name = null }).ToString(), StringComparison.OrdinalIgnoreCase)
        );
    }

    [Fact]
    public async Task Logs_a_malformed_request_too()
    {
        await SendAsync(new RevokeTokenCommand(Given.Credentials(), null));
        Assert.Equal("RevokeTokenCommand refused: invalid_request, token is required.", Assert.Single(log.All).Text);
    }

    private async Task SendAsync<T>(IRequest<T> request)
    {
        var before = log.All.Count;
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMediator>().Send(request, Given.Ct);
        Assert.Equal(before + 1, log.All.Count);
    }

    public void Dispose()
    {
        services.Dispose();
        log.Dispose();
    }
}
