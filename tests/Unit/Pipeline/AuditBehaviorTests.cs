using System.Net;
using MediatR;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Pipeline;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Pipeline;

public sealed class AuditBehaviorTests
{
    private readonly IAuditTrail trail = Substitute.For<IAuditTrail>();
    private readonly IRequestOrigin origin = Substitute.For<IRequestOrigin>();
    private readonly CurrentAct act = new();
    private readonly List<AuditEvent> noted = [];
    private readonly List<AuditEvent> written = [];

    public AuditBehaviorTests()
    {
        trail.When(to => to.Note(Arg.Any<AuditEvent>())).Do(call => noted.Add(call.Arg<AuditEvent>()));
        trail
            .When(to => to.WriteAsync(Arg.Any<AuditEvent>(), Arg.Any<CancellationToken>()))
            .Do(call => written.Add(call.Arg<AuditEvent>()));
        origin.Peer.Returns(IPAddress.Parse("192.0.2.7"));
        origin.TraceId.Returns("0af7651916cd43dd8448eb211c80319c");
    }

    [Fact]
    public async Task Writes_a_refused_sign_in_with_the_name_as_typed_and_the_address_before_it_answers()
    {
        await SendAsync<SignInCommand, SignInOutcome>(new SignInCommand("al\nice", new Secret("wrong")), new SignInOutcome.WrongPassword());
        var happened = Assert.Single(written);
        Assert.Equal(("sign_in", "password", "refused", "al�ice"), (happened.What, happened.Act, happened.Decision, happened.Name));
        Assert.Equal(("access_denied", "Wrong user name or password."), (happened.ErrorCode, happened.Reason));
        Assert.Equal(("192.0.2.7", "0af7651916cd43dd8448eb211c80319c"), (happened.Peer!.ToString(), happened.TraceId));
        Assert.Equal(Given.Now, happened.At);
        Assert.Empty(noted);
    }

    [Fact]
    public async Task Notes_a_token_with_whom_it_was_issued_to()
    {
        var issued = new TokenResponse(Given.AccessTokenValue, TimeSpan.FromHours(1), ScopeSet.Of("mcp.read"), null);
        await SendAsync<RefreshTokensCommand, Result<TokenResponse>>(Refresh, issued, () =>
            (act.ClientId, act.Subject, act.Scope) = (Given.ClientId, Given.Subject, ScopeSet.Of("mcp.read"))
        );
        var happened = Assert.Single(noted);
        Assert.Equal(
            ("token_issue", "refresh_token", "allowed", Given.ClientId, Given.Subject, "mcp.read"),
            (happened.What, happened.Act, happened.Decision, happened.ClientId, happened.Subject, happened.Scope!.ToString())
        );
        Assert.True(happened.IsRoutine);
        Assert.Empty(written);
    }

    [Fact]
    public async Task Writes_a_reuse_before_it_answers_though_its_use_case_is_routine()
    {
        var reuse = OAuthError.InvalidGrant("refresh_reuse: refresh token replayed, grant revoked");
        await SendAsync<RefreshTokensCommand, Result<TokenResponse>>(Refresh, reuse, () => act.Reuse(reuse));
        var happened = Assert.Single(written);
        Assert.Equal(
            ("token_reuse", "refused", "invalid_grant", reuse.Detail),
            (happened.What, happened.Decision, happened.ErrorCode, happened.Reason)
        );
        Assert.False(happened.IsRoutine);
    }

    [Fact]
    public async Task Leaves_what_was_written_with_the_act_as_it_is_and_tells_the_stream()
    {
        await SendAsync<DisableAccountCommand, Result<ChangedAccount>>(
            new DisableAccountCommand("alice"),
            new ChangedAccount("alice"),
            () => act.Written = act.ToWrite()
        );
        Assert.Empty(written);
        Assert.Empty(noted);
        trail.Received(1).Tell(Arg.Is<AuditEvent>(happened => happened.Act == "DisableAccount" && happened.Name == "alice"));
    }

    [Fact]
    public async Task Writes_an_act_of_an_operator_that_was_refused()
    {
        await SendAsync<DisableAccountCommand, Result<ChangedAccount>>(
            new DisableAccountCommand("nobody"),
            OAuthError.InvalidRequest("There is no account nobody.")
        );
        var happened = Assert.Single(written);
        Assert.Equal(
            ("administration", "DisableAccount", "refused", "nobody"),
            (happened.What, happened.Act, happened.Decision, happened.Name)
        );
        Assert.False(happened.IsRoutine);
    }

    [Fact]
    public async Task Is_silent_of_a_token_that_is_good_and_says_whose_one_was_that_is_not()
    {
        var good = new CheckedAccessToken(Given.AccessToken(), "alice");
        await SendAsync<CheckAccessTokenQuery, Result<CheckedAccessToken>>(new CheckAccessTokenQuery(Given.AccessTokenValue), good);
        Assert.Empty(noted);
        await SendAsync<CheckAccessTokenQuery, Result<CheckedAccessToken>>(
            new CheckAccessTokenQuery(Given.AccessTokenValue),
            OAuthError.InvalidToken("The access token was revoked.") with
            {
                ClientId = Given.ClientId,
                Subject = Given.Subject,
            }
        );
        var happened = Assert.Single(noted);
        Assert.Equal(
            ("access", "invalid_token", Given.ClientId, Given.Subject),
            (happened.What, happened.ErrorCode, happened.ClientId, happened.Subject)
        );
    }

    private static RefreshTokensCommand Refresh => new(Given.Credentials(), Given.RefreshTokenValue, null, []);

    private Task<TResponse> SendAsync<TRequest, TResponse>(TRequest request, TResponse answer, Action? handle = null)
        where TRequest : IRequest<TResponse>, IAudited =>
        new AuditBehavior<TRequest, TResponse>(trail, act, origin, new FakeTimeProvider(Given.Now)).Handle(request, Given.Ct, () =>
        {
            handle?.Invoke();
            return Task.FromResult(answer);
        });
}
