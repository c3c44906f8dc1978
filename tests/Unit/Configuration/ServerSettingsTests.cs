using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Configuration;

public sealed class ServerSettingsTests
{
    [Theory]
    [InlineData("Upstream:ClientId", "abc", "Upstream:ClientSecret is missing.")]
    [InlineData("Authority:Issuer", "http://idp.example", "Authority:Issuer must be an absolute https URL; http is for loopback alone.")]
    [InlineData("OAuth:PublicUrll", "https://mcp.example", "OAuth:PublicUrll is not a configuration key.")]
    [InlineData("OAuth:Registration:Enable", "false", "OAuth:Registration:Enable is not a configuration key.")]
    [InlineData("OAuth:Clients:0:Secret", "x", "OAuth:Clients:0:Secret is not a configuration key.")]
    [InlineData("OAuth:PublicUrl", "http://mcp.example", "OAuth:PublicUrl must be https unless its host is loopback.")]
    [InlineData(
        "OAuth:ClientMetadataDocuments:AllowLoopback",
        "true",
        "OAuth:ClientMetadataDocuments:AllowLoopback is for Development alone."
    )]
    [InlineData("Server:TrustedProxies:0", "proxy", "Server:TrustedProxies must hold addresses or networks such as 10.0.0.0/8.")]
    [InlineData("Limits:FormKeys", "-1", "Limits:FormKeys must not be negative.")]
    [InlineData("Mcp:ChallengeScopes", "mcp.admin", "Mcp:ChallengeScopes must name some of mcp.read mcp.write.")]
    public void Refuses_to_start_with_one_sentence_that_names_the_key(string key, string value, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<ConfigurationException>(() => Read((key, value))).Message);

    [Fact]
    public void The_defaults_are_those_of_the_table_in_the_documents()
    {
        var settings = Read();
        Assert.Equal(
            (300, 100_000, 100_000, 10_000),
            (
                settings.RegistrationsPerMinute,
                settings.OAuth.MaxRegisteredClients,
                settings.OAuth.MaxOpenAuthorizations,
                settings.Limits.Connections
            )
        );
        Assert.Equal((30, 240, 16_384), (settings.Limits.HeaderSeconds, settings.Limits.BodyBytesPerSecond, settings.Limits.PageBodyBytes));
        Assert.Equal(
            (TimeSpan.FromHours(1), TimeSpan.FromDays(30), TimeSpan.FromDays(90)),
            (settings.OAuth.AccessTokenLifetime, settings.OAuth.RefreshTokenLifetime, settings.OAuth.GrantLifetime)
        );
        Assert.Equal(
            (TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(10), "ES256"),
            (settings.OAuth.CodeLifetime, settings.OAuth.RefreshGrace, settings.OAuth.SigningAlgorithm)
        );
    }

    [Theory]
    [InlineData("http://localhost:8080/mcp")]
    [InlineData("HTTP://LOCALHOST:8080/mcp")]
    [InlineData("http://localhost:8080/mcp/")]
    [InlineData("http://localhost:8080")]
    public void Refuses_tokens_for_the_api_behind_that_would_open_this_server(string audience) =>
        Assert.Equal(
            "Downstream:Audience must not be this server.",
            Assert.Throws<ConfigurationException>(() => Read(("Downstream:Token", "Exchanged"), ("Downstream:Audience", audience))).Message
        );

    [Theory]
    [InlineData("proxy.example:3128")]
    [InlineData("ftp://proxy.example")]
    [InlineData("http://proxy.example/path")]
    [InlineData("")]
    public void M6_refuses_a_proxy_that_is_none(string proxy) =>
        Assert.Equal(
            "Downstream:Proxy must be an absolute URL such as http://proxy.example.com:3128.",
            Assert.Throws<ConfigurationException>(() => Read(("Downstream:Proxy", proxy))).Message
        );

    [Fact]
    public void M6_takes_the_proxy_for_where_tokens_go() =>
        Assert.Equal(
            ("Downstream:Proxy", new Uri("http://proxy.example:3128")),
            Read(
                ("Downstream:Proxy", "http://me:hidden@proxy.example:3128"),
                ("Downstream:BaseAddress", "http://localhost:9000")
            ).Downstream.Elsewhere
        );

    [Theory]
    [InlineData("Mcp:AllowedOrigins", "https://a.example, https://b.example")]
    [InlineData("Mcp:AllowedOrigins", "https://a.example https://b.example")]
    public void Takes_a_list_as_one_text(string key, string value) =>
        Assert.Equal(["http://localhost:8080", "https://a.example", "https://b.example"], Read((key, value)).AllowedOrigins);

    [Fact]
    public void Takes_a_list_item_by_item() =>
        Assert.Equal(["http://localhost:8080", "https://a.example"], Read(("Mcp:AllowedOrigins:0", "https://a.example")).AllowedOrigins);

    private static ServerSettings Read(params (string Key, string Value)[] keys) =>
        ServerSettings.Read(
            new ConfigurationBuilder().AddInMemoryCollection(keys.ToDictionary(key => key.Key, key => (string?)key.Value)).Build(),
            ScopeSet.Of(ScopeSet.Read, ScopeSet.Write),
            new HostingEnvironment { EnvironmentName = "Production", ContentRootPath = "/srv" }
        );
}
