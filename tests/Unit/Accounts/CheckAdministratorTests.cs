using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using OAuthMcp.Application.Accounts;

namespace OAuthMcp.Unit.Accounts;

public sealed class CheckAdministratorTests
{
    private readonly IAccountDetails accounts = Substitute.For<IAccountDetails>();

    public CheckAdministratorTests()
    {
        Add(Given.Subject, "alice", hasPassword: true);
        Add("usr_octocat", "octocat@github", hasPassword: false);
        Add("usr_gone", "gone", hasPassword: true, disabledAt: Given.Now);
    }

    [Fact]
    public async Task An_account_with_a_password_is_named_by_its_name() =>
        Assert.True(await IsAsync(Given.Subject, "alice", "bob", "alice"));

    [Fact]
    public async Task An_account_of_a_provider_is_named_by_its_subject() =>
        Assert.True(await IsAsync("usr_octocat", "octocat@github", "usr_octocat"));

    [Fact]
    public async Task A_name_that_was_chosen_at_a_provider_gives_nothing() =>
        Assert.False(await IsAsync("usr_octocat", "octocat@github", "octocat@github"));

    [Fact]
    public async Task Nobody_is_one_where_nobody_is_named() => Assert.False(await IsAsync(Given.Subject, "alice"));

    [Fact]
    public async Task A_disabled_account_is_none() => Assert.False(await IsAsync("usr_gone", "gone", "gone", "usr_gone"));

    [Fact]
    public async Task A_session_of_an_account_that_had_this_name_before_is_none() =>
        Assert.False(await IsAsync("usr_earlier", "alice", "alice", "usr_earlier"));

    private void Add(string subject, string userName, bool hasPassword, DateTimeOffset? disabledAt = null) =>
        accounts
            .FindAsync(userName, Given.Now, Given.Ct)
            .Returns(new AccountDetails(subject, userName, disabledAt, [], null, 0, hasPassword, false, 0, [], []));

    private async Task<bool> IsAsync(string subject, string userName, params string[] administrators)
    {
        var settings = Given.Settings with { Administrators = administrators };
        var handler = new CheckAdministratorHandler(accounts, settings, new FakeTimeProvider(Given.Now));
        var answer = await handler.Handle(new(new SignedInAccount(subject, userName)), Given.Ct);
        return answer.Try(out var administrator, out _) && administrator.IsOne;
    }
}
