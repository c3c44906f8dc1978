using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Keys;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Keys;
using OAuthMcp.Infrastructure.Persistence;
using OAuthMcp.Infrastructure.Persistence.Revocations;
using OAuthMcp.Infrastructure.Persistence.Sqlite;
using OAuthMcp.Integration.Hosting;
using Secret = OAuthMcp.Domain.Protocol.Secret;

namespace OAuthMcp.Integration.Keys;

/// <summary>Real keys and tokens through what happens to a server: what it signed it verifies until the token's end.</summary>
public sealed class SigningKeyLifeTests : IAsyncDisposable
{
    private static readonly string[] Algorithms = ["ES256", "RS256"];
    private readonly SqliteConnection database = new($"Data Source=keys-{Guid.NewGuid()};Mode=Memory;Cache=Shared");
    private readonly EphemeralDataProtectionProvider protection = new();
    private readonly TestClock clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly List<(Secret Token, DateTimeOffset ExpiresAt)> tokens = [];
    private readonly ServiceProvider services;
    private SigningKeyRing ring = null!;
    private SigningKeyReader reader = null!;
    private JwtAccessTokens server = null!;

    public SigningKeyLifeTests() =>
        services = new ServiceCollection()
            .AddScoped<OAuthDbContext>(_ => Databases.Context(database))
            .AddScoped(provider => new Lazy<OAuthDbContext>(provider.GetRequiredService<OAuthDbContext>))
            .AddSingleton(_ => SqliteFactory.Instance.CreateDataSource(database.ConnectionString))
            .AddScoped<SigningKeyRows>()
            .BuildServiceProvider();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task H3_what_was_signed_is_good_until_it_expires(int seed)
    {
        await database.OpenAsync(TestContext.Current.CancellationToken);
        await InDatabaseAsync(db => db.Database.MigrateAsync(TestContext.Current.CancellationToken));
        var random = new Random(seed);
        await StartAsync(Algorithms[0]);
        for (var step = 0; step < 25; step++)
        {
            switch (random.Next(5))
            {
                case 0:
                    await StartAsync(Algorithms[random.Next(2)]);
                    break;
                case 1 or 2: // the verb, in a shell that may know another algorithm
                    await InDatabaseAsync(db =>
                        Keys(db)
                            .AddAsync(
                                Algorithms[random.Next(8) / 7], // rarely RS256, whose keys take long to make
                                clock.GetUtcNow() + KeySchedule.Announcement,
                                TestContext.Current.CancellationToken
                            )
                    );
                    break;
                default:
                    await PassAsync(TimeSpan.FromMinutes(random.Next(70)));
                    break;
            }

            await SignAndCheckAsync();
        }
    }

    [Fact]
    public async Task L5_a_token_that_was_verified_before_dies_with_its_key()
    {
        await database.OpenAsync(TestContext.Current.CancellationToken);
        await InDatabaseAsync(db => db.Database.MigrateAsync(TestContext.Current.CancellationToken));
        await StartAsync(Algorithms[0]);
        var token = Sign();
        Assert.True((await server.VerifyAsync(token, TestContext.Current.CancellationToken)).Try(out _, out _));
        var key = ring.Current.Key.KeyId;
        await InDatabaseAsync(async db =>
        {
            Assert.True(await Keys(db).TryWithdrawAsync(key, TestContext.Current.CancellationToken));
            await LookAsync();
            Assert.Equal("", (await db.SigningKeys.SingleAsync(row => row.KeyId == key)).ProtectedPrivateKey);
        });
        Assert.Equal(
            "This is no access token of the authorization server that this server names in its metadata.",
            (await server.VerifyAsync(token, TestContext.Current.CancellationToken)).Error?.Description
        );
        Assert.NotEqual(key, Assert.Single(ring.PublicKeys)["kid"]);
        await SignAndCheckAsync();
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private SigningKeys Keys(OAuthDbContext db) =>
        new(
            db,
            new RevocationFeed(new Lazy<OAuthDbContext>(db), new RevocationList(clock, TimeSpan.FromHours(1)), new CurrentAct(), clock),
            new KeySeal(protection),
            clock
        );

    private async Task StartAsync(string algorithm)
    {
        var settings = new OAuthOptions { SigningAlgorithm = algorithm }.Read(
            "http://localhost:8080",
            ScopeSet.Of(ScopeSet.Read),
            ScopeSet.Of(ScopeSet.Read),
            openAuthorizations: 0,
            isLocal: true,
            isDevelopment: true,
            new FoundFaults()
        );
        ring = new SigningKeyRing(new KeySeal(protection), settings, clock);
        reader = new SigningKeyReader(services.GetRequiredService<IServiceScopeFactory>(), ring, clock);
        server = new JwtAccessTokens(ring, reader, settings, clock);
        await LookAsync();
    }

    private async Task PassAsync(TimeSpan duration)
    {
        clock.Advance(TimeSpan.FromSeconds(30)); // when a server looks next, at the latest
        await LookAsync();
        clock.Advance(duration);
        await SignAndCheckAsync();
        await LookAsync();
    }

    private Task LookAsync() => reader.ReadAsync(TestContext.Current.CancellationToken);

    private async Task SignAndCheckAsync()
    {
        var now = clock.GetUtcNow();
        tokens.Add((Sign(), now.AddHours(1)));
        Assert.Contains(ring.PublicKeys, key => key["kid"] == ring.Current.Key.KeyId);
        tokens.RemoveAll(token => token.ExpiresAt <= now);
        foreach (var (token, _) in tokens)
            Assert.Null((await server.VerifyAsync(token, TestContext.Current.CancellationToken)).Error);
    }

    private Secret Sign() =>
        server.Sign(
            new AccessTokenClaims
            {
                JwtId = Convert.ToHexString(RandomNumberGenerator.GetBytes(8)),
                Issuer = "http://localhost:8080",
                Audience = "http://localhost:8080/mcp",
                Subject = "usr_1",
                ClientId = "cli_1",
                GrantId = "grt_1",
                Scope = ScopeSet.Of(ScopeSet.Read),
                IssuedAt = clock.GetUtcNow(),
                ExpiresAt = clock.GetUtcNow().AddHours(1),
            }
        );

    private async Task InDatabaseAsync(Func<OAuthDbContext, Task> work)
    {
        await using var db = Databases.Context(database);
        await work(db);
    }
}
