using MediatR;
using OAuthMcp.Api.Http;
using OAuthMcp.Application.Telemetry;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.OAuth;

/// <summary>POST /token (RFC 6749 §3.2): picks the use case by grant_type.</summary>
internal static class TokenEndpoint
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
            return Refuse(null, malformed);
        var client = ClientCredentialsReader.Read(request, form);
        var grantType = form["grant_type"];
        // Counted by grant type, so that a client that loops on a dead refresh token does not keep others from their codes.
        if (limits.RefuseToken(request.HttpContext, grantType) is { } tooMany)
            return Refuse(grantType, tooMany);
        if (grantType is null)
            return Refuse(null, OAuthError.InvalidRequest("grant_type is required."));
        if (!TokenGrants.ByType.TryGetValue(grantType, out var grant))
            return Refuse(null, OAuthError.UnsupportedGrantType());
        if (!(await mediator.Send(grant(client, form), ct)).Try(out var tokens, out var refusal))
            return Refuse(grantType, await failed.CountAsync(request.HttpContext, refusal));
        Instruments.Issued(grantType);
        return OAuthResults.Json(TokenAnswer.Of(tokens));
    }

    private static IResult Refuse(string? grantType, OAuthError refusal)
    {
        Instruments.Refused(
            grantType is not null && TokenGrants.ByType.ContainsKey(grantType) ? grantType : Instruments.Other,
            refusal.Code
        );
        return OAuthResults.Error(refusal);
    }

    // RFC 6749 §5.1, in the order of its example.
    private sealed record TokenAnswer(string AccessToken, string TokenType, long ExpiresIn, string? RefreshToken, string Scope)
    {
        public static TokenAnswer Of(TokenResponse tokens) =>
            new(
                tokens.AccessToken.Reveal(),
                "Bearer",
                (long)tokens.ExpiresIn.TotalSeconds,
                tokens.RefreshToken?.Reveal(),
                tokens.Scope.ToString()
            );
    }
}
