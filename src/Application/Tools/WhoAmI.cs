using MediatR;

namespace OAuthMcp.Application.Tools;

/// <summary>Who the caller is, as far as its token tells.</summary>
internal sealed record WhoAmIQuery : IRequest<ToolOutcome<Identity>>;

internal sealed record Identity(
    string Subject,
    string? UserName,
    string? Client,
    string? Issuer,
    string? Audience,
    IReadOnlyList<string> Scopes,
    DateTimeOffset? ExpiresAt
);

internal sealed class WhoAmIHandler(ITokenContext context) : IRequestHandler<WhoAmIQuery, ToolOutcome<Identity>>
{
    public Task<ToolOutcome<Identity>> Handle(WhoAmIQuery query, CancellationToken ct) =>
        Task.FromResult<ToolOutcome<Identity>>(
            context.Caller is { } caller
                ? new Identity(
                    caller.Subject,
                    caller.UserName,
                    caller.ClientId,
                    caller.Issuer,
                    caller.Audience,
                    [.. caller.Scope],
                    caller.ExpiresAt
                )
                : ToolOutcome<Identity>.NoToken()
        );
}
