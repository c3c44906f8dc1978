using System.Security.Cryptography;
using System.Text;

namespace OAuthMcp.Load;

/// <summary>Requests as bytes, as any OAuth client writes them.</summary>
internal sealed class Requests(Settings settings)
{
    private const string Verifier = "a-verifier-that-is-the-same-for-all-0123456789ab";

    private static readonly string Challenge = Convert
        .ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)))
        .TrimEnd('=')
        .Replace('+', '-')
        .Replace('/', '_');

    /// <summary>The scope of codes has to bring a refresh token, for which some servers want to be asked.</summary>
    public string Authorization { get; } =
        "/authorize?"
        + Form(
            ("response_type", "code"),
            ("client_id", settings.Client),
            ("redirect_uri", Settings.Callback),
            ("code_challenge", Challenge),
            ("code_challenge_method", "S256"),
            ("state", "the-state"),
            ("scope", settings.Scope),
            ("resource", settings.Resource)
        );

    public byte[] Get(string path, string cookies) => Bytes($"GET {path} HTTP/1.1\r\nHost: {settings.Server.Authority}\r\n{cookies}\r\n");

    public byte[] Post(string path, string form, string headers = "") =>
        Bytes(
            $"POST {path} HTTP/1.1\r\nHost: {settings.Server.Authority}\r\n{headers}"
                + $"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {form.Length}\r\n\r\n{form}"
        );

    public byte[] Exchange(string code) =>
        Token(
            ("grant_type", "authorization_code"),
            ("client_id", settings.Client),
            ("code", code),
            ("redirect_uri", Settings.Callback),
            ("code_verifier", Verifier),
            ("resource", settings.Resource)
        );

    public byte[] Refresh(string token) => Token(("grant_type", "refresh_token"), ("client_id", settings.Client), ("refresh_token", token));

    public byte[] Machine()
    {
        var credentials = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{settings.Client}:{settings.Secret}"));
        var form = Form(("grant_type", "client_credentials"), ("scope", settings.Scope), ("resource", settings.Resource));
        return Post("/token", form, $"Authorization: Basic {credentials}\r\n");
    }

    public static string Form(params IEnumerable<(string Name, string? Value)> fields) =>
        string.Join(
            '&',
            fields.Where(field => field.Value is not null).Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value!)}")
        );

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);

    private byte[] Token(params (string Name, string? Value)[] fields) => Post("/token", Form(fields));
}
