using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Unit.Upstream;

public sealed class EntryRulesTests
{
    private static readonly UpstreamUser Octocat = new("583231", "octocat", ["octocat@github.example"], ["octo-org", "octo-org/core"]);

    [Fact]
    public void Without_a_rule_everybody_enters() => Assert.Null(Rules().Refuse(Octocat));

    [Theory]
    [InlineData("583231", true)]
    [InlineData("octocat", true)]
    [InlineData("OctoCat", true)]
    [InlineData("octo", false)]
    [InlineData("58323", false)]
    [InlineData("", false)]
    public void A_user_is_named_by_subject_or_where_names_are_unique_by_name(string named, bool isAdmitted) =>
        AssertAdmits(isAdmitted, Rules(users: named), Octocat);

    [Theory]
    [InlineData("583231", true)]
    [InlineData("octocat", false)]
    public void Where_names_are_not_unique_only_the_subject_counts(string named, bool isAdmitted) =>
        AssertAdmits(isAdmitted, Rules(users: named) with { NamesAreUnique = false }, Octocat);

    [Fact]
    public void A_name_of_digits_is_not_somebody_elses_subject() =>
        AssertAdmits(false, Rules(users: "583231"), Octocat with { Subject = "7", UserName = "583231" });

    [Theory]
    [InlineData("octo-org", true)]
    [InlineData("OCTO-ORG", true)]
    [InlineData("octo-org/core", true)]
    [InlineData("octo-org/other", false)]
    [InlineData("octo", false)]
    [InlineData("core", false)]
    public void A_group_is_named_in_full(string named, bool isAdmitted) => AssertAdmits(isAdmitted, Rules(groups: named), Octocat);

    [Fact]
    public void Groups_of_an_unknown_issuer_are_told_apart_by_case() =>
        AssertAdmits(false, Rules(groups: "Octo-Org") with { NamesAreUnique = false }, Octocat);

    [Theory]
    [InlineData("octocat@github.example", true)]
    [InlineData("octocat@GitHub.Example", true)]
    [InlineData("\"a@b\"@github.example", true)]
    [InlineData("octocat@evil-github.example", false)]
    [InlineData("octocat@sub.github.example", false)]
    [InlineData("github.example@evil.example", false)]
    [InlineData("github.example", false)]
    [InlineData("@github.example", false)]
    public void A_domain_is_all_that_follows_the_last_at(string email, bool isAdmitted) =>
        AssertAdmits(isAdmitted, Rules(domains: "github.example"), Octocat with { VerifiedEmails = [email] });

    [Fact]
    public void One_rule_that_admits_is_enough()
    {
        var rules = new EntryRules(["hubot"], ["octo-org"], ["acme.example"], NamesAreUnique: true);
        AssertAdmits(true, rules, Octocat);
        AssertAdmits(true, rules, new UpstreamUser("1", "hubot", [], []));
        AssertAdmits(true, rules, new UpstreamUser("2", "anybody", ["a@acme.example"], []));
        AssertAdmits(false, rules, new UpstreamUser("3", "anybody", ["a@b.example"], ["acme"]));
    }

    private static EntryRules Rules(string? users = null, string? groups = null, string? domains = null) =>
        new(List(users), List(groups), List(domains), NamesAreUnique: true);

    private static string[] List(string? one) => one is null ? [] : [one];

    private static void AssertAdmits(bool isAdmitted, EntryRules rules, UpstreamUser user)
    {
        var refusal = rules.Refuse(user);
        Assert.Equal(isAdmitted, refusal is null);
        if (refusal is not null)
            Assert.Equal(("access_denied", $"no rule admits subject {user.Subject}"), (refusal.Code, refusal.Detail));
    }
}
