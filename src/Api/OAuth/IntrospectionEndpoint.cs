using MediatR;
using OAuthMcp.Api.Http;
using OAuthMcp.Application.Tokens;

namespace OAuthMcp.Api.OAuth;

/// <summary>POST /introspect (RFC 7662 §2).</summary>
internal static class IntrospectionEndpoint
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
        var result = await mediator.Send(new IntrospectTokenQuery(client, form.Secret("token")), ct);
        if (!result.Try(out var introspection, out var refusal))
            return OAuthResults.Error(await failed.CountAsync(request.HttpContext, refusal));
        return introspection.Token is { } token ? OAuthResults.Json(ActiveAnswer.Of(token)) : OAuthResults.Json(new { Active = false });
    }

    // The members of RFC 7662 §2.2 that a resource server has a use for.
    private sealed record ActiveAnswer(bool Active, string Iss, string Aud, string Sub, string ClientId, string Scope, long Iat, long Exp)
    {
        public static ActiveAnswer Of(AccessTokenClaims token) =>
            new(
                true,
                token.Issuer,
                token.Audience,
                token.Subject,
                token.ClientId,
                token.Scope.ToString(),
                token.IssuedAt.ToUnixTimeSeconds(),
                token.ExpiresAt.ToUnixTimeSeconds()
            );
    }
}
