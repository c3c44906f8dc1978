using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Clients;

/// <summary>GET /register/{client_id} (RFC 7592 §2.1).</summary>
internal sealed record ReadRegistrationQuery(string ClientId, Secret? RegistrationToken) : IRequest<Result<ClientRegistration>>, IAudited
{
    Audited IAudited.Audited => new(AuditWords.Registration, "read") { IsRoutine = true, IsOfRefusals = true };
}

internal sealed class ReadRegistrationHandler(RegistrationAccess access, OAuthSettings settings)
    : IRequestHandler<ReadRegistrationQuery, Result<ClientRegistration>>
{
    public async Task<Result<ClientRegistration>> Handle(ReadRegistrationQuery query, CancellationToken ct) =>
        (await access.AuthorizeAsync(query.ClientId, query.RegistrationToken, ct)).Try(out var client, out var refusal)
            ? new ClientRegistration(client, null, query.RegistrationToken!, settings.SupportedScopes)
            : refusal;
}
