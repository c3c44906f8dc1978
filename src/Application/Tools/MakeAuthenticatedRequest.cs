using FluentValidation;
using MediatR;

namespace OAuthMcp.Application.Tools;

/// <summary>GET {Downstream:BaseAddress}/anything?message=… with the token that the API takes.</summary>
internal sealed record MakeAuthenticatedRequestCommand(string? Message) : IRequest<ToolOutcome<Anything>>;

internal sealed class MakeAuthenticatedRequestValidator : AbstractValidator<MakeAuthenticatedRequestCommand>
{
    public MakeAuthenticatedRequestValidator() =>
        RuleFor(command => command.Message)
            .Cascade(CascadeMode.Stop)
            .NotNull()
            .WithMessage("message is required.")
            .MaximumLength(4096)
            .WithMessage("message is longer than 4096 characters.");
}

internal sealed class MakeAuthenticatedRequestHandler(ITokenContext context, IHttpBin httpBin)
    : IRequestHandler<MakeAuthenticatedRequestCommand, ToolOutcome<Anything>>
{
    public async Task<ToolOutcome<Anything>> Handle(MakeAuthenticatedRequestCommand command, CancellationToken ct)
    {
        if (context.Caller is not { } caller)
            return ToolOutcome<Anything>.NoToken();
        var (outcome, sent) = await httpBin.GetAnythingAsync(command.Message!, ct);
        // The API may repeat the token in any member, and so may the text of a failure. It is masked in all of them.
        if (outcome.Failure is { } failure)
            return outcome with { Failure = Mask(failure) };
        return outcome.Value is not { } arrived
            ? outcome
            : arrived with
            {
                Method = Mask(arrived.Method),
                Url = Mask(arrived.Url),
                Args = MaskAll(arrived.Args),
                Headers = MaskAll(arrived.Headers),
            };

        string Mask(string value) =>
            sent.Append(caller.Token)
                .Aggregate(value, (text, token) => text.Replace(token.Reveal(), token.Masked(), StringComparison.Ordinal));

        Dictionary<string, string> MaskAll(IReadOnlyDictionary<string, string> values)
        {
            var masked = new Dictionary<string, string>();
            foreach (var (name, value) in values)
                masked[Mask(name)] = Mask(value);
            return masked;
        }
    }
}
