using MediatR;
using OAuthMcp.Application.Tokens;

namespace OAuthMcp.Api.OAuth;

/// <summary>POST /revoke (RFC 7009 §2).</summary>
internal static class RevocationEndpoint
{
    public static async Task<IResult> PostAsync(HttpRequest request, IMediator mediator, CancellationToken ct)
    {
        if (!(await OAuthForm.ReadAsync(request, ct)).Try(out var form, out var malformed)) return OAuthResults.Error(malformed);
        var result = await mediator.Send(new RevokeTokenCommand(form.Client, form.Secret("token")), ct);
        return result.Error is { } refusal ? OAuthResults.Error(refusal) : OAuthResults.Json(new object());
    }
}
