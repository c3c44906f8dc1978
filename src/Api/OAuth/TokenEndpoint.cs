using MediatR;
using OAuthMcp.Api.Http;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.OAuth;

/// <summary>POST /token (RFC 6749 §3.2): picks the use case by grant_type.</summary>
internal static class TokenEndpoint
{
    public static async Task<IResult> PostAsync(HttpRequest request, IMediator mediator, RateLimits limits, CancellationToken ct)
    {
        if (!(await OAuthForm.ReadAsync(request, ct)).Try(out var form, out var malformed))
            return OAuthResults.Error(malformed);
        var client = ClientCredentialsReader.Read(request, form);
        // Counted by grant type: a client that loops on a dead refresh token must not keep others from their codes.
        if (limits.RefuseToken(request.HttpContext, form["grant_type"]) is { } tooMany)
            return OAuthResults.Error(tooMany);
        Result<TokenResponse> result = form["grant_type"] switch
        {
            "authorization_code" => await mediator.Send(
                new ExchangeCodeCommand(client, form.Secret("code"), form["redirect_uri"], form.Secret("code_verifier"), form.Resources),
                ct
            ),
            "refresh_token" => await mediator.Send(
                new RefreshTokensCommand(client, form.Secret("refresh_token"), form["scope"], form.Resources),
                ct
            ),
            "client_credentials" => await mediator.Send(new IssueClientTokenCommand(client, form["scope"], form.Resources), ct),
            null => OAuthError.InvalidRequest("grant_type is required."),
            _ => OAuthError.UnsupportedGrantType(),
        };
        if (result.Try(out var tokens, out var refusal))
            return OAuthResults.Json(TokenAnswer.Of(tokens));
        return OAuthResults.Error(limits.CountFailedClient(request.HttpContext, refusal));
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
