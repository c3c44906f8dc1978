using System.CommandLine;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Commands;

/// <summary>The verb that looks at a token. It prints what the token says, and nothing that opens a door.</summary>
internal static class TokenCommands
{
    private const string Scheme = "Bearer ";

    public static Command Token(AdminVerb admin) =>
        new("token", "Look at tokens.")
        {
            admin.VerbAnywhere(
                "explain",
                "Say what a token is, whether this configuration takes it, and if not why. It comes from a prompt, or from standard input.",
                async (run, ct) =>
                {
                    var told = await run.SendAsync(new ExplainTokenQuery(Bare(HiddenInput.Read("Token: "))), ct);
                    await run.PrintAsync(Text(told), told);
                }
            ),
        };

    // As it stands in a header, which is where people copy it from.
    private static Secret? Bare(Secret? typed)
    {
        var text = typed?.Reveal().Trim();
        return Secret.OrNull(text?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true ? text[Scheme.Length..].Trim() : text);
    }

    private static string Text(TokenExplanation token)
    {
        var signed = token.Jwt;
        (string Name, string? Value)[] lines =
        [
            ("type", signed?.Type),
            ("issuer", signed?.Issuer),
            ("audience", signed is null ? null : string.Join(", ", signed.Audiences)),
            ("client", token.ClientId),
            ("subject", token.UserName is { } name ? $"{token.Subject} ({name})" : token.Subject),
            ("scope", token.Scope),
            ("grant", token.GrantId),
            ("token id", signed?.TokenId),
            ("issued", Time(signed?.IssuedAt)),
            ("not before", Time(signed?.NotBefore)),
            ("expires", Time(token.ExpiresAt)),
            ("used", Time(token.UsedAt)),
            ("signature", signed is null ? null : $"{Words(signed.Signature)} {signed.KeyId} ({signed.Algorithm})"),
        ];
        return string.Join(
            '\n',
            lines
                .Where(line => !string.IsNullOrEmpty(line.Value))
                .Select(line => $"{line.Name, -12}{ErrorText.Of(line.Value!)}")
                .Prepend($"{Words(token.Kind)}, {(token.IsAccepted ? "accepted" : $"refused: {ErrorText.Of(token.Why!)}")}")
        );
    }

    private static string? Time(DateTimeOffset? time) => time is { } known ? ErrorText.Of(known) : null;

    private static string Words(TokenKind kind) =>
        kind switch
        {
            TokenKind.AccessToken => "An access token",
            TokenKind.RefreshToken => "A refresh token",
            TokenKind.AuthorizationCode => "An authorization code",
            TokenKind.SignedToken => "A signed token",
            _ => "No token that is known here",
        };

    private static string Words(SignatureState signature) =>
        signature switch
        {
            SignatureState.Good => "good, by the key",
            SignatureState.Wrong => "WRONG, not by the key",
            SignatureState.UnknownKey => "UNPROVEN, there is no key",
            _ => "not looked at; it names the key",
        };
}
