using OAuthMcp.Api.Configuration;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Unit.Configuration;

public sealed class ConfiguredProvidersTests
{
    private static readonly UpstreamOptions GitHub = new() { ClientId = "id", ClientSecret = "secret" };
    private static readonly UpstreamProviderOptions GitLab = new() { Provider = "gitlab", ClientId = "id" };

    [Fact]
    public void Nothing_configured_is_no_provider() => Assert.Empty(ConfiguredProviders.Read(new UpstreamOptions()));

    [Fact]
    public void The_section_is_GitHub_unless_it_says_otherwise()
    {
        var provider = Read(GitHub);
        Assert.Equal(
            ("github", "GitHub", ProviderKind.GitHub, "https://github.com", "id", "secret"),
            (provider.Name, provider.DisplayName, provider.Kind, provider.BaseUrl, provider.ClientId, provider.ClientSecret!.Reveal())
        );
        Assert.Equal(["read:user"], provider.Scopes);
        Assert.True(provider.Rules is { AdmitsEverybody: true, NamesAreUnique: true });
    }

    [Theory]
    [InlineData("gitlab", "https://gitlab.com", "GitLab", true)]
    [InlineData("gitea", "https://gitea.com", "Gitea", true)]
    [InlineData("oidc", "https://idp.example/", "your organisation", false)]
    public void Knows_the_public_one_of_each_kind_and_who_keeps_names_unique(
        string kind,
        string baseUrl,
        string displayName,
        bool namesAreUnique
    )
    {
        var provider = Read(GitHub with { Provider = kind, BaseUrl = kind == "oidc" ? baseUrl : null });
        Assert.Equal(
            (kind, baseUrl, displayName, namesAreUnique),
            (provider.Name, provider.BaseUrl, provider.DisplayName, provider.Rules.NamesAreUnique)
        );
        Assert.Equal(["openid", "profile", "email"], provider.Scopes);
    }

    [Fact]
    public void Asks_for_no_more_scopes_than_its_rules_need()
    {
        Assert.Equal(["read:user", "user:email"], Read(GitHub with { AllowedEmailDomains = ["acme.example"] }).Scopes);
        Assert.Equal(["read:user", "read:org"], Read(GitHub with { AllowedGroups = ["acme"] }).Scopes);
        Assert.Equal(["read:user"], Read(GitHub with { AllowedUsers = ["octocat"] }).Scopes);
        Assert.Equal(["openid", "profile", "email", "groups"], Read(GitHub with { Provider = "gitea", AllowedGroups = ["acme"] }).Scopes);
        Assert.Equal(["repo"], Read(GitHub with { Scopes = ["repo"], AllowedGroups = ["acme"] }).Scopes);
    }

    [Fact]
    public void Takes_several_in_order()
    {
        var providers = ConfiguredProviders.Read(
            GitHub with
            {
                Providers = [GitLab, GitLab with { Name = "forge", DisplayName = "The Forge", BaseUrl = "https://forge.example/" }],
            }
        );
        Assert.Equal(
            [
                ("github", "GitHub", "https://github.com"),
                ("gitlab", "GitLab", "https://gitlab.com"),
                ("forge", "The Forge", "https://forge.example"),
            ],
            providers.Select(provider => (provider.Name, provider.DisplayName, provider.BaseUrl))
        );
        Assert.Equal(
            ["/signin/callback", "/signin/callback/gitlab", "/signin/callback/forge"],
            providers.Select(provider => provider.CallbackPath)
        );
        Assert.Equal(["gitlab"], ConfiguredProviders.Read(new UpstreamOptions { Providers = [GitLab] }).Select(provider => provider.Name));
    }

    [Theory]
    [InlineData("http://127.0.0.1:3000")]
    [InlineData("http://localhost:3000")]
    [InlineData("http://[::1]:3000")]
    public void Takes_plain_http_on_this_machine(string url) => Assert.Equal(url, Read(GitHub with { BaseUrl = url }).BaseUrl);

    [Theory]
    [InlineData("http://git.example")]
    [InlineData("git.example")]
    [InlineData("ftp://git.example")]
    [InlineData("https://user@git.example")]
    [InlineData("https://git.example?a=b")]
    [InlineData("https://git.example#a")]
    [InlineData("")]
    public void Refuses_an_address_that_is_not_safe(string url) =>
        AssertRefused("Upstream:BaseUrl must be an absolute https URL; http is for loopback alone.", GitHub with { BaseUrl = url });

    [Fact]
    public void Refuses_a_provider_that_is_not_complete()
    {
        AssertRefused("Upstream:ClientId is missing.", GitHub with { ClientId = null });
        AssertRefused("Upstream:ClientId is missing.", GitHub with { ClientId = "" });
        AssertRefused("Upstream:ClientSecret is missing.", GitHub with { ClientSecret = null });
        AssertRefused("Upstream:ClientSecret is empty.", GitHub with { Provider = "gitlab", ClientSecret = "" });
        AssertRefused("Upstream:BaseUrl is missing: the issuer.", GitHub with { Provider = "oidc" });
        AssertRefused("Upstream:Providers:0:ClientId is missing.", new UpstreamOptions { Providers = [GitLab with { ClientId = null }] });
    }

    [Fact]
    public void Refuses_what_is_said_of_no_provider()
    {
        // Rules in the section that held for none of its Providers would let everybody in.
        var more = new UpstreamOptions { Providers = [GitLab] };
        foreach (
            var options in new[]
            {
                more with
                {
                    AllowedUsers = ["octocat"],
                },
                more with
                {
                    AllowedGroups = ["acme"],
                },
                more with
                {
                    AllowedEmailDomains = ["acme.example"],
                },
                more with
                {
                    Scopes = ["repo"],
                },
                more with
                {
                    Name = "x",
                },
                more with
                {
                    DisplayName = "X",
                },
                more with
                {
                    Provider = "github",
                },
                more with
                {
                    BaseUrl = "https://git.example",
                },
                more with
                {
                    ClientSecret = "secret",
                },
                more with
                {
                    Parameters = new() { ["access_type"] = "offline" },
                },
            }
        )
            AssertRefused("Upstream:ClientId is missing.", options);
    }

    [Theory]
    [InlineData("bitbucket")]
    [InlineData("GitHub")]
    [InlineData("")]
    public void Refuses_a_kind_that_it_does_not_speak(string kind) =>
        AssertRefused("Upstream:Provider must be github, gitlab, gitea or oidc.", GitHub with { Provider = kind });

    [Theory]
    [InlineData("")]
    [InlineData("My Forge")]
    [InlineData("-forge")]
    [InlineData("forge/../x")]
    [InlineData("a23456789012345678901234567890123")]
    public void Refuses_a_name_that_does_not_fit_a_form(string name) =>
        AssertRefused("Upstream:Name must be 1 to 32 lower-case letters, digits and hyphens.", GitHub with { Name = name });

    [Fact]
    public void Refuses_a_name_that_is_taken() =>
        AssertRefused("Upstream:Providers:1:Name gitlab is taken.", GitHub with { Providers = [GitLab, GitLab] });

    [Theory]
    [InlineData("state")]
    [InlineData("Redirect_Uri")]
    [InlineData("code_challenge")]
    [InlineData("nonce")]
    [InlineData("scope")]
    public void Refuses_parameters_that_are_the_servers_own(string parameter) =>
        AssertRefused($"Upstream:Parameters: {parameter} is set by the server.", GitHub with { Parameters = new() { [parameter] = "x" } });

    private static UpstreamProvider Read(UpstreamOptions options) => Assert.Single(ConfiguredProviders.Read(options));

    private static void AssertRefused(string sentence, UpstreamOptions options) =>
        Assert.Equal(sentence, Assert.Throws<ConfigurationException>(() => ConfiguredProviders.Read(options)).Message);
}
