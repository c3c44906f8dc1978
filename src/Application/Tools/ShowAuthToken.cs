using MediatR;

namespace OAuthMcp.Application.Tools;

/// <summary>The token of the context, masked.</summary>
internal sealed record ShowAuthTokenQuery : IRequest<ToolOutcome<MaskedToken>>;

internal sealed record MaskedToken(string Token);

internal sealed class ShowAuthTokenHandler(ITokenContext context) : IRequestHandler<ShowAuthTokenQuery, ToolOutcome<MaskedToken>>
{
    public Task<ToolOutcome<MaskedToken>> Handle(ShowAuthTokenQuery query, CancellationToken ct) =>
        Task.FromResult<ToolOutcome<MaskedToken>>(
            context.Caller is { } caller ? new MaskedToken(caller.Token.Masked()) : ToolOutcome<MaskedToken>.NoToken()
        );
}
