using MediatR;

namespace OAuthMcp.Application.Accounts;

/// <summary>The challenge that comes with the sign-in page.</summary>
internal sealed record BeginPasskeySignInQuery : IRequest<PasskeyCeremony>;

internal sealed class BeginPasskeySignInHandler(IPasskeySignIn passkeys) : IRequestHandler<BeginPasskeySignInQuery, PasskeyCeremony>
{
    public Task<PasskeyCeremony> Handle(BeginPasskeySignInQuery query, CancellationToken ct) => passkeys.BeginAsync(ct);
}
