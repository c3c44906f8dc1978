using Microsoft.EntityFrameworkCore;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Nodes;

/// <summary>
/// A client of both nodes whose user has allowed it things many times over: the rows that /authorize and /token leave, written by the
/// product's own tables.
/// </summary>
internal sealed class Allowances : IDisposable
{
    private readonly Cluster cluster;
    private readonly TestClient[] clients;
    private readonly string subject;

    private Allowances(Cluster cluster, string id, string subject)
    {
        (this.cluster, this.subject) = (cluster, subject);
        clients = [.. cluster.Nodes.Select(node => new TestClient(node, id, null, "none"))];
    }

    /// <summary>The client at each of the nodes in turn.</summary>
    public TestClient At(int racer) => clients[racer % clients.Length];

    public static async Task<Allowances> StartAsync(Cluster cluster, string user = "alice")
    {
        using var registered = await TestClient.RegisterAsync(cluster.Balancer);
        await using var db = Databases.Context(cluster.Database);
        return new Allowances(
            cluster,
            registered.Id,
            await db.Users.Where(account => account.UserName == user).Select(account => account.Id).SingleAsync(Ct)
        );
    }

    /// <summary>Codes that nobody has redeemed, one of a grant each.</summary>
    public Task<IReadOnlyList<Secret>> CodesAsync(int count) => AddAsync(count, Secret.Generate, (code, grant) => new AuthorizationCode
            {
                Hash = TokenHash.Of(code),
                GrantId = grant.Id,
                ClientId = grant.ClientId,
                RedirectUri = TestClient.RedirectUri,
                CodeChallenge = new PkceChallenge(clients[0].Challenge),
                ExpiresAt = grant.CreatedAt.AddHours(1),
            });

    /// <summary>First refresh tokens, one of a grant each.</summary>
    public Task<IReadOnlyList<Secret>> RefreshTokensAsync(int count) =>
        AddAsync(count, RefreshToken.First, (token, grant) => new RefreshToken
            {
                Hash = TokenHash.Of(token),
                Family = RefreshToken.FamilyOf(token),
                GrantId = grant.Id,
                ClientId = grant.ClientId,
                ExpiresAt = grant.ExpiresAt,
            });

    public Task<HttpResponseMessage> RedeemAsync(int racer, Secret code) =>
        At(racer).ExchangeAsync(code.Reveal(), ("code_verifier", clients[0].Verifier));

    public Task<HttpResponseMessage> RefreshAsync(int racer, Secret token) => At(racer).RefreshAsync(token.Reveal());

    /// <summary>How many refresh tokens of the family are stored.</summary>
    public async Task<int> CountAsync(Secret token)
    {
        await using var db = Databases.Context(cluster.Database);
        var family = RefreshToken.FamilyOf(token);
        return await db.RefreshTokens.CountAsync(known => known.Family == family, Ct);
    }

    /// <summary>Nothing that this answer brought opens anything at any node.</summary>
    public async Task AssertDeadAsync(HttpResponseMessage answer)
    {
        var tokens = await answer.JsonAsync();
        for (var node = 0; node < cluster.Nodes.Count; node++)
        {
            Assert.False(await cluster.Nodes[node].AcceptsAsync((string)tokens["access_token"]!));
            await (await At(node).RefreshAsync((string)tokens["refresh_token"]!)).AssertErrorAsync(400, "invalid_grant");
        }
    }

    public void Dispose()
    {
        foreach (var client in clients)
            client.Dispose();
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private async Task<IReadOnlyList<Secret>> AddAsync(int count, Func<Secret> make, Func<Secret, Grant, object> row)
    {
        await using var db = Databases.Context(cluster.Database);
        var (now, made) = (DateTimeOffset.UtcNow, new List<Secret>());
        for (var index = 0; index < count; index++)
        {
            var grant = new Grant
            {
                Id = Identifier.New("grt"),
                Subject = subject,
                ClientId = clients[0].Id,
                Scope = ScopeSet.Of(ScopeSet.Read, ScopeSet.Write),
                Resource = cluster.Balancer.Resource,
                CreatedAt = now,
                ExpiresAt = now.AddDays(90),
            };
            made.Add(make());
            db.AddRange(grant, row(made[^1], grant));
        }

        await db.SaveChangesAsync(Ct);
        return made;
    }
}
