using FluentValidation;
using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Clients;

/// <summary>Treats the client as unknown from now on: it cannot authenticate, and its tokens are refused.</summary>
internal sealed record DisableClientCommand(string? ClientId) : IRequest<Result<ChangedClient>>, IAdministration
{
    string? IAdministration.Target => ClientId;
}

internal sealed class DisableClientValidator : AbstractValidator<DisableClientCommand>
{
    public DisableClientValidator() => RuleFor(command => command.ClientId).NotEmpty().WithMessage("The client's id is missing.");
}

internal sealed class DisableClientHandler(IClientAdministration clients, TimeProvider time)
    : IRequestHandler<DisableClientCommand, Result<ChangedClient>>
{
    public async Task<Result<ChangedClient>> Handle(DisableClientCommand command, CancellationToken ct) =>
        await clients.TryDisableAsync(command.ClientId!, time.GetUtcNow(), ct)
            ? new ChangedClient(command.ClientId!)
            : ChangedClient.NoSuch(command.ClientId);
}
