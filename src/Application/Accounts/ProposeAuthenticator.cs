using MediatR;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>A key to put into an authenticator app. It is a new one each time, so that nobody has seen it before.</summary>
internal sealed record ProposeAuthenticatorCommand(string Subject) : IRequest<Result<AuthenticatorKey>>;

internal sealed class ProposeAuthenticatorHandler(ISecondFactors factors)
    : IRequestHandler<ProposeAuthenticatorCommand, Result<AuthenticatorKey>>
{
    public async Task<Result<AuthenticatorKey>> Handle(ProposeAuthenticatorCommand command, CancellationToken ct)
    {
        if ((await factors.FindAsync(command.Subject, ct)).IsOn)
            return OAuthError.InvalidRequest("An authenticator app is set up already.");
        var key = AuthenticatorKey.Generate();
        await factors.ProposeAsync(command.Subject, key, ct);
        return key;
    }
}
