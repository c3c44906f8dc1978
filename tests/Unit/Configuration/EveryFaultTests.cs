using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;
using OAuthMcp.Api.Configuration;

namespace OAuthMcp.Unit.Configuration;

/// <summary>An operator reads all that is wrong at once, and nothing twice or that follows from something else.</summary>
public sealed class EveryFaultTests
{
    [Fact]
    public void Names_the_faults_of_every_section() =>
        Assert.Equal(
            [
                "Server:Adress is not a configuration key.",
                "OAuth:RefreshGrace must be [days.]hours:minutes:seconds, such as 00:00:10; 10 alone would be days.",
                "Limits:FormKeys must not be negative.",
                "Limits:Connections must not be negative.",
                "Upstream:Providers:0:ClientId is missing.",
                "Upstream:Providers:1:ClientSecret is missing.",
                "ConnectionStrings:Database: PostgreSQL needs Host and Database.",
                "Downstream:BaseAddress must be an absolute http or https URL.",
                "Mcp:UnauthenticatedGet must be 401 or 405.",
            ],
            FaultsOf(
                "Server:Adress=:80",
                "OAuth:RefreshGrace=10",
                "Limits:FormKeys=-1",
                "Limits:Connections=-1",
                "Upstream:Providers:0:Provider=github",
                "Upstream:Providers:1:Name=two",
                "Upstream:Providers:1:ClientId=abc",
                "ConnectionStrings:Database=Host=db",
                "Downstream:BaseAddress=ftp://files.example",
                "Mcp:UnauthenticatedGet=403"
            )
        );

    [Fact]
    public void Names_each_fault_of_one_section() =>
        Assert.Equal(
            [
                "OAuth:PublicUrl must be https unless its host is loopback.",
                "OAuth:AccessTokenLifetime must be longer than zero.",
                "OAuth:CodeLifetime must be at most 00:10:00.",
                "OAuth:SigningAlgorithm must be ES256 or RS256.",
                "OAuth:Clients:1:ClientId is missing or taken.",
                "OAuth:ClientMetadataDocuments:AllowLoopback is for Development alone.",
            ],
            FaultsOf(
                "OAuth:PublicUrl=http://mcp.example",
                "OAuth:AccessTokenLifetime=00:00:00",
                "OAuth:CodeLifetime=01:00:00",
                "OAuth:SigningAlgorithm=none",
                "OAuth:Clients:0:ClientId=machine",
                "OAuth:Clients:0:ClientSecret=a-secret-that-is-long-enough-for-it",
                "OAuth:Clients:0:GrantTypes=client_credentials",
                "OAuth:Clients:0:Scopes=mcp.read",
                "OAuth:Clients:1:ClientName=nameless",
                "OAuth:ClientMetadataDocuments:AllowLoopback=true"
            )
        );

    [Fact]
    public void Names_each_value_of_another_type() =>
        Assert.Equal(
            [
                "Failed to convert configuration value 'soon' at 'OAuth:CodeLifetime' to type 'System.TimeSpan'.",
                "OAuth:PublicUrl must be one text.",
                "OAuth:Publik is not a configuration key.",
            ],
            FaultsOf("OAuth:CodeLifetime=soon", "OAuth:PublicUrl:0=https://mcp.example", "OAuth:Publik=x").Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Says_how_many_there_are() =>
        Assert.Equal(
            "The configuration has 2 faults:\n- Server:StopDelay must be between 00:00:00 and 00:00:25.\n- Mcp:UnauthenticatedGet must be 401 or 405.",
            Refusal("Server:StopDelay=01:00:00", "Mcp:UnauthenticatedGet=403").Message
        );

    private static IReadOnlyList<string> FaultsOf(params string[] keys) => Refusal(keys).Faults;

    private static ConfigurationException Refusal(params string[] keys) =>
        Assert.Throws<ConfigurationException>(() =>
            ServerSettings.Read(
                new ConfigurationBuilder()
                    .AddInMemoryCollection(
                        keys.Select(key => key.Split('=', 2)).Select(parts => KeyValuePair.Create(parts[0], (string?)parts[1]))
                    )
                    .Build(),
                null,
                new HostingEnvironment { EnvironmentName = "Production", ContentRootPath = "/srv" }
            )
        );
}
