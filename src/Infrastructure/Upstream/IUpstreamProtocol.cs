using OAuthMcp.Application.Upstream;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Infrastructure.Upstream;

/// <summary>
/// How one kind of provider speaks. Its failures are exceptions, which <see cref="UpstreamProviders"/> turns into answers.
/// </summary>
internal interface IUpstreamProtocol
{
    Task<string> BeginAsync(UpstreamAuthorization authorization, CancellationToken ct);

    Task<Result<UpstreamIdentity>> RedeemAsync(UpstreamCode code, CancellationToken ct);

    Task<UpstreamRenewal> RenewAsync(UpstreamToken token, CancellationToken ct);

    Task<bool> RevokeAsync(UpstreamToken token, CancellationToken ct);
}
