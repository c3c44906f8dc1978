using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Clients;

/// <summary>DELETE /register/{client_id} (RFC 7592 §2.3): the client is gone, and every token of it.</summary>
internal sealed record DeleteRegistrationCommand(string ClientId, Secret? RegistrationToken)
    : IRequest<Result<RegistrationDeleted>>,
        IAudited
{
    Audited IAudited.Audited => new(AuditWords.Registration, "delete") { IsRoutine = true };
}

internal sealed record RegistrationDeleted;

internal sealed class DeleteRegistrationHandler(RegistrationAccess access, IClientStore store, TimeProvider time)
    : IRequestHandler<DeleteRegistrationCommand, Result<RegistrationDeleted>>
{
    public async Task<Result<RegistrationDeleted>> Handle(DeleteRegistrationCommand command, CancellationToken ct)
    {
        if (!(await access.AuthorizeAsync(command.ClientId, command.RegistrationToken, ct)).Try(out var client, out var refusal))
            return refusal;
        await store.DeleteAsync(client.Id, time.GetUtcNow(), ct);
        return new RegistrationDeleted();
    }
}
