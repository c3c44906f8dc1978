using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tokens;

/// <summary>grant_type=client_credentials (RFC 6749 §4.4): a token for a machine in its own name, which an operator approved.</summary>
internal sealed record IssueClientTokenCommand(ClientCredentials Client, string? Scope, IReadOnlyList<string> Resources)
    : IRequest<Result<TokenResponse>>,
        IAudited
{
    private static readonly Audited Issue = new(AuditWords.TokenIssue, GrantTypes.ClientCredentials) { IsRoutine = true };

    Audited IAudited.Audited => Issue;
}

internal sealed class IssueClientTokenHandler(ClientAuthenticator clients, TokenIssuer issuer, TimeProvider time)
    : IRequestHandler<IssueClientTokenCommand, Result<TokenResponse>>
{
    public async Task<Result<TokenResponse>> Handle(IssueClientTokenCommand command, CancellationToken ct)
    {
        if (!(await clients.AuthenticateAsync(command.Client, ct)).Try(out var client, out var refusal))
            return refusal;
        if (command.Client.Method == AuthMethods.None)
            return OAuthError.InvalidClient($"{client.Id} is public"); // OAuth 2.1 §4.2
        if (!client.Allows(GrantTypes.ClientCredentials))
            return OAuthError.UnauthorizedClient("client has no client_credentials grant");
        if (issuer.Refuse(command.Resources) is { } wrongTarget)
            return wrongTarget;
        if (!ScopeSet.Parse(command.Scope).Try(out var asked, out refusal))
            return refusal;
        if (!client.MachineScope.Covers(asked))
            return OAuthError.InvalidScope("scope exceeds what the client may have in its own name");
        return issuer.IssueToMachine(client, asked.Count > 0 ? asked : client.MachineScope, time.GetUtcNow());
    }
}
