using MediatR;

namespace OAuthMcp.Application.Accounts;

public sealed record RemovePasskeyCommand(string Subject, string Id) : IRequest<Unit>;

internal sealed class RemovePasskeyHandler(IPasskeys passkeys) : IRequestHandler<RemovePasskeyCommand, Unit>
{
    public async Task<Unit> Handle(RemovePasskeyCommand command, CancellationToken ct)
    {
        await passkeys.RemoveAsync(command.Subject, command.Id, ct);
        return Unit.Value;
    }
}
