using FluentValidation;
using MediatR;
using OAuthMcp.Application.Pipeline;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Pipeline;

public sealed class ValidationBehaviorTests
{
    private static readonly RevokeTokenCommand NoToken = new(Given.Credentials(), null);
    private readonly InlineValidator<RevokeTokenCommand> validator = [];
    private int handled;

    [Fact]
    public async Task Answers_with_the_first_rule_that_failed_before_the_handler_runs()
    {
        validator.RuleFor(command => command.Client).NotNull().WithMessage("client");
        validator.RuleFor(command => command.Token).NotNull().WithMessage("token is required.");
        validator.RuleFor(command => command.Token).NotNull().WithMessage("second");
        AssertRefused("invalid_request", "token is required.", await SendAsync());
    }

    [Fact]
    public async Task Answers_with_the_code_that_a_rule_names()
    {
        validator.RuleFor(command => command.Token).NotNull().WithErrorCode("invalid_redirect_uri").WithMessage("text");
        AssertRefused("invalid_redirect_uri", "text", await SendAsync());
    }

    [Fact]
    public async Task Lets_a_well_formed_request_through()
    {
        validator.RuleFor(command => command.Client).NotNull();
        Given.Served(await SendAsync());
        Assert.Equal(1, handled);
    }

    [Fact]
    public async Task Lets_a_request_without_validator_through()
    {
        Given.Served(await new ValidationBehavior<RevokeTokenCommand, Result<Revoked>>([]).Handle(NoToken, Given.Ct, Next));
        Assert.Equal(1, handled);
    }

    private Task<Result<Revoked>> SendAsync() =>
        new ValidationBehavior<RevokeTokenCommand, Result<Revoked>>([validator]).Handle(NoToken, Given.Ct, Next);

    private RequestHandlerDelegate<Result<Revoked>> Next =>
        () =>
        {
            handled++;
            return Task.FromResult<Result<Revoked>>(new Revoked());
        };

    private void AssertRefused(string code, string description, Result<Revoked> result)
    {
        var refusal = Given.Refusal(result);
        Assert.Equal((code, description), (refusal.Code, refusal.Description));
        Assert.Equal(0, handled);
    }
}
