using FluentValidation;
using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tokens;

/// <summary>An operator ends one grant: its tokens are refused at once, and its client has to ask the user again.</summary>
internal sealed record RevokeGrantCommand(string? GrantId) : IRequest<Result<RevokedGrant>>, IAdministration
{
    string? IAdministration.Target => GrantId;
}

internal sealed record RevokedGrant(string Id);

internal sealed class RevokeGrantValidator : AbstractValidator<RevokeGrantCommand>
{
    public RevokeGrantValidator() => RuleFor(command => command.GrantId).NotEmpty().WithMessage("The grant's id is missing.");
}

internal sealed class RevokeGrantHandler(IGrantAdministration grants, TimeProvider time)
    : IRequestHandler<RevokeGrantCommand, Result<RevokedGrant>>
{
    public async Task<Result<RevokedGrant>> Handle(RevokeGrantCommand command, CancellationToken ct) =>
        await grants.TryRevokeAsync(command.GrantId!, time.GetUtcNow(), ct)
            ? new RevokedGrant(command.GrantId!)
            : OAuthError.InvalidRequest($"There is no live grant {command.GrantId}.");
}
