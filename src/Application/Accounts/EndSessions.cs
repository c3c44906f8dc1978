using FluentValidation;
using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>Ends one session of an MCP client, or every session of an account, those of its browsers too.</summary>
/// <param name="Id">As the list has it; null with a user name.</param>
internal sealed record EndSessionsCommand(string? Id, string? UserName) : IRequest<Result<EndedSessions>>, IAdministration
{
    string? IAdministration.Target => Id ?? UserName;
}

/// <param name="Sessions">How many sessions of MCP clients.</param>
/// <param name="Browsers">Whether every browser of the account has to sign in again.</param>
internal sealed record EndedSessions(int Sessions, bool Browsers);

internal sealed class EndSessionsValidator : AbstractValidator<EndSessionsCommand>
{
    public EndSessionsValidator() =>
        RuleFor(command => command)
            .Must(command => string.IsNullOrEmpty(command.Id) != string.IsNullOrEmpty(command.UserName))
            .WithMessage("Name one session, or a user with --user.");
}

internal sealed class EndSessionsHandler(ISessionAdministration sessions) : IRequestHandler<EndSessionsCommand, Result<EndedSessions>>
{
    public async Task<Result<EndedSessions>> Handle(EndSessionsCommand command, CancellationToken ct)
    {
        if (command.UserName is { Length: > 0 } name)
            return await sessions.EndAllOfAsync(name, ct) is { } ended
                ? new EndedSessions(ended, Browsers: true)
                : OAuthError.InvalidRequest($"There is no account {name}.");
        return await sessions.TryEndAsync(command.Id!, ct)
            ? new EndedSessions(1, Browsers: false)
            : OAuthError.InvalidRequest($"There is no session {command.Id}.");
    }
}
