using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Configuration;

/// <summary>Keys that make no sense by their value or beside others: each stops the start with one sentence.</summary>
public sealed class StartRefusalTests
{
    private const string Issuer = "Authority:Issuer=https://idp.example";
    private const string Provider = "Upstream:ClientId=abc";
    private const string Secret = "Upstream:ClientSecret=def";
    private const string Audience =
        "Downstream:Audience names the API that Exchanged tokens are for; it goes with Downstream:Token=Exchanged alone.";
    private const string NoSuchProvider = "Downstream:Provider must name one of Upstream's, and goes with Downstream:Token=Upstream alone.";

    [Theory]
    [InlineData("Authority:Issuer is missing.", "Authority:ScopePrefix=x/")]
    [InlineData("Authority:Audience is empty.", Issuer, "Authority:Audience= ")]
    [InlineData("Authority:TokenTypes is empty.", Issuer, "Authority:TokenTypes= ")]
    [InlineData("Authority:ClientId and ClientSecret, for introspection, go together.", Issuer, "Authority:ClientId=x")]
    [InlineData("Authority:ClientId and ClientSecret, for introspection, go together.", Issuer, "Authority:ClientSecret=x")]
    [InlineData("Authority:IntrospectionCache must be between 00:00:00 and 00:05:00.", Issuer, "Authority:IntrospectionCache=00:05:01")]
    [InlineData("Authority:IntrospectionCache must be between 00:00:00 and 00:05:00.", Issuer, "Authority:IntrospectionCache=-00:00:01")]
    public void Of_an_authority(string sentence, params string[] keys) => AssertRefused(sentence, keys);

    [Theory]
    [InlineData("Upstream", Provider, Secret)]
    [InlineData("Accounts", "Accounts:Seed:0:UserName=alice")]
    [InlineData("OAuth:Clients", "OAuth:Clients:0:ClientId=machine", "OAuth:Clients:0:ClientSecret=a-secret-that-is-long-enough-for-it")]
    [InlineData("OAuth:Registration", "OAuth:Registration:Enabled=true")]
    [InlineData("OAuth:ClientMetadataDocuments", "OAuth:ClientMetadataDocuments:Enabled=true")]
    [InlineData("ConnectionStrings:Database", "ConnectionStrings:Database=Data Source=x.db")]
    public void Of_what_has_no_effect_beside_an_authority(string key, params string[] keys) =>
        AssertRefused(
            $"{key} has no effect with Authority:Issuer, which signs people in and registers clients elsewhere.",
            [Issuer, .. keys]
        );

    [Theory]
    [InlineData("Exchanged", "Downstream:Audience=https://api.example")]
    [InlineData("Upstream")]
    public void Of_tokens_that_nobody_has_beside_an_authority(string token, params string[] keys) =>
        Assert.Contains(
            // The latter for want of a provider, which there cannot be.
            Refusal([Issuer, $"Downstream:Token={token}", .. keys]),
            new[]
            {
                "Downstream:Token must be Received with Authority:Issuer: this server has neither keys nor provider tokens then.",
                "Downstream:Token=Upstream needs a provider: Upstream:ClientId.",
            }
        );

    [Theory]
    [InlineData("Downstream:Token must be Received, Exchanged or Upstream.", "Downstream:Token=Mine")]
    [InlineData("Downstream:Token must be Received, Exchanged or Upstream.", "Downstream:Token=7")]
    [InlineData(Audience, "Downstream:Token=Exchanged")]
    [InlineData(Audience, "Downstream:Token=Exchanged", "Downstream:Audience=")]
    [InlineData(Audience, "Downstream:Audience=https://api.example")]
    [InlineData("Downstream:Token=Upstream needs a provider: Upstream:ClientId.", "Downstream:Token=Upstream")]
    [InlineData(NoSuchProvider, "Downstream:Token=Upstream", "Downstream:Provider=corp", Provider, Secret)]
    [InlineData(NoSuchProvider, "Downstream:Provider=github", Provider, Secret)]
    public void Of_the_token_that_tools_send(string sentence, params string[] keys) => AssertRefused(sentence, keys);

    [Theory]
    [InlineData("Accounts:Local: nobody could sign in, since Upstream names no provider.", "Accounts:Local=false")]
    [InlineData(
        "Accounts:Seed: accounts of this server cannot sign in unless Accounts:Local is true.",
        "Accounts:Seed:0:UserName=alice",
        Provider,
        Secret
    )]
    public void Of_accounts_that_could_not_sign_in(string sentence, params string[] keys) => AssertRefused(sentence, keys);

    [Theory]
    [InlineData("OAuth:SigningAlgorithm must be ES256 or RS256.", "OAuth:SigningAlgorithm=HS256")]
    [InlineData("OAuth:SigningAlgorithm must be ES256 or RS256.", "OAuth:SigningAlgorithm=none")]
    [InlineData("OAuth:AccessTokenLifetime must be longer than zero.", "OAuth:AccessTokenLifetime=00:00:00")]
    [InlineData("OAuth:RefreshTokenLifetime must be longer than zero.", "OAuth:RefreshTokenLifetime=-00:00:01")]
    [InlineData("OAuth:GrantLifetime must be longer than zero.", "OAuth:GrantLifetime=00:00:00")]
    [InlineData("OAuth:CodeLifetime must be longer than zero.", "OAuth:CodeLifetime=00:00:00")]
    [InlineData("OAuth:RefreshGrace must be between 00:00:00 and 00:01:00.", "OAuth:RefreshGrace=00:01:01")]
    [InlineData("OAuth:RefreshGrace must be between 00:00:00 and 00:01:00.", "OAuth:RefreshGrace=-00:00:01")]
    [InlineData("OAuth:Registration:PerMinute and MaxClients must not be negative.", "OAuth:Registration:PerMinute=-1")]
    [InlineData("OAuth:Registration:PerMinute and MaxClients must not be negative.", "OAuth:Registration:MaxClients=-1")]
    [InlineData("OAuth:PublicUrl must be one text.", "OAuth:PublicUrl:0=https://mcp.example")]
    [InlineData("Mcp:SessionMode must be one of Stateless, Stateful, StatefulForInitializeClients.", "Mcp:SessionMode=Sometimes")]
    [InlineData("Mcp:UnauthenticatedGet must be 401 or 405.", "Mcp:UnauthenticatedGet=403")]
    [InlineData("Mcp:Scopes:0 must have a Name, and a Sentence of 200 characters at most.", "Mcp:Scopes:0:Name=mcp.read")]
    [InlineData(
        "Mcp:Scopes:1:Name is there twice: mcp.read.",
        "Mcp:Scopes:0:Name=mcp.read",
        "Mcp:Scopes:0:Sentence=Look",
        "Mcp:Scopes:1:Name=mcp.read",
        "Mcp:Scopes:1:Sentence=See"
    )]
    [InlineData("Mcp:Scopes:0:Name must be one of mcp.read mcp.write.", "Mcp:Scopes:0:Name=mcp.admin", "Mcp:Scopes:0:Sentence=Rule")]
    public void Of_a_value(string sentence, params string[] keys) => AssertRefused(sentence, keys);

    public static TheoryData<string> Limits =>
        [
            .. typeof(LimitsOptions)
                .GetProperties()
                .Where(property => property.PropertyType == typeof(int))
                .Select(property => property.Name),
        ];

    [Theory]
    [MemberData(nameof(Limits))]
    public void Of_a_negative_limit(string name) => AssertRefused($"Limits:{name} must not be negative.", [$"Limits:{name}=-1"]);

    private static void AssertRefused(string sentence, string[] keys) => Assert.Equal(sentence, Refusal(keys));

    private static string Refusal(string[] keys) =>
        Assert
            .Throws<ConfigurationException>(() =>
                ServerSettings.Read(
                    new ConfigurationBuilder()
                        .AddInMemoryCollection(
                            keys.Select(key => key.Split('=', 2)).Select(parts => KeyValuePair.Create(parts[0], (string?)parts[1]))
                        )
                        .Build(),
                    ScopeSet.Of(ScopeSet.Read, ScopeSet.Write),
                    new HostingEnvironment { EnvironmentName = "Production", ContentRootPath = "/srv" }
                )
            )
            .Message;
}
