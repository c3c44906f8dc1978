using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Unit.Upstream;

public sealed class ProviderKindTests
{
    [Fact]
    public void Each_is_found_by_its_name_and_named_in_the_sentence() => Assert.All(ProviderKind.All, kind =>
        {
            Assert.Same(kind, ProviderKind.Find(kind.Name));
            Assert.Contains(kind.Name, ProviderKind.Names, StringComparison.Ordinal);
        });

    [Theory]
    [InlineData("https://github.com", true)]
    [InlineData("https://gitlab.com", true)]
    [InlineData("https://codeberg.org", true)]
    [InlineData("https://accounts.google.com", true)]
    [InlineData("https://login.microsoftonline.com/common/v2.0", true)]
    [InlineData("https://github.acme.example", false)]
    public void Is_open_to_all_where_everybody_gets_an_account_whatever_kind_it_is_configured_as(string baseUrl, bool isOpen) =>
        Assert.All(ProviderKind.All, kind =>
            Assert.Equal(isOpen, (Upstreams.Provider with { Kind = kind, BaseUrl = baseUrl }).IsOpenToAll)
        );

    [Fact]
    public void A_rule_closes_it()
    {
        var rules = Upstreams.Provider.Rules with { Users = ["octocat"] };
        Assert.False((Upstreams.Provider with { Rules = rules }).IsOpenToAll);
    }

    [Fact]
    public void No_scope_of_a_sign_in_is_ever_missing()
    {
        var asked = ProviderKind.All.SelectMany(kind => kind.SignInScopes.Concat(kind.EmailScopes).Concat(kind.GroupScopes));
        var provider = Upstreams.Provider with { Scopes = [.. asked, "offline_access", "repo"] };
        Assert.Equal(["repo"], provider.Missing(Upstreams.Token() with { Scope = [] }));
    }
}
