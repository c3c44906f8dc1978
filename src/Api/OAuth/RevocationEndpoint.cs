using MediatR;
using OAuthMcp.Api.Http;
using OAuthMcp.Application.Tokens;

namespace OAuthMcp.Api.OAuth;

/// <summary>POST /revoke (RFC 7009 §2).</summary>
internal static class RevocationEndpoint
{
    public static async Task<IResult> PostAsync(
        HttpRequest request,
        IMediator mediator,
        RateLimits limits,
        FailedClients failed,
        CancellationToken ct
    )
    {
        if (!(await OAuthForm.ReadAsync(request, ct)).Try(out var form, out var malformed))
            return OAuthResults.Error(malformed);
        var client = ClientCredentialsReader.Read(request, form);
        if (limits.RefuseClient(request.HttpContext) is { } tooMany)
            return OAuthResults.Error(tooMany);
        var result = await mediator.Send(new RevokeTokenCommand(client, form.Secret("token")), ct);
        return result.Error is { } refusal
            ? OAuthResults.Error(await failed.CountAsync(request.HttpContext, refusal))
            : OAuthResults.Json(new object());
    }
}
