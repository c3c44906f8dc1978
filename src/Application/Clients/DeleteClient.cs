using FluentValidation;
using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Clients;

/// <summary>Deletes a stored client, and revokes what users granted it.</summary>
internal sealed record DeleteClientCommand(string? ClientId) : IRequest<Result<ChangedClient>>, IAdministration
{
    string? IAdministration.Target => ClientId;
}

internal sealed class DeleteClientValidator : AbstractValidator<DeleteClientCommand>
{
    public DeleteClientValidator() => RuleFor(command => command.ClientId).NotEmpty().WithMessage("The client's id is missing.");
}

internal sealed class DeleteClientHandler(IClientStore clients, TimeProvider time)
    : IRequestHandler<DeleteClientCommand, Result<ChangedClient>>
{
    public async Task<Result<ChangedClient>> Handle(DeleteClientCommand command, CancellationToken ct)
    {
        if (await clients.FindAsync(command.ClientId!, ct) is null)
            return ChangedClient.NoSuch(command.ClientId);
        await clients.DeleteAsync(command.ClientId!, time.GetUtcNow(), ct);
        return new ChangedClient(command.ClientId!);
    }
}
