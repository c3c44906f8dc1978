namespace OAuthMcp.Integration.Fuzzing;

/// <summary>Bodies with the type that they come as, which is not always what they are.</summary>
internal sealed class FuzzBodies(FuzzDice dice, FuzzForms forms)
{
    private const string FormType = "application/x-www-form-urlencoded";

    private static readonly string[] Types =
    [
        FormType,
        "application/json",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "multipart/form-data; boundary=\"\"",
        "text/plain",
        "text/html",
        "",
        ";",
        "a/b/c",
        "*/*",
        "application/json;;",
        "application/x-www-form-urlencoded,application/json",
        "APPLICATION/X-WWW-FORM-URLENCODED",
    ];

    // The value is compared without case, may be quoted, and is often misspelt (RFC 9110 §8.3.2).
    private static readonly string[] Parameters =
    [
        "; charset=utf-8",
        "; charset=UTF-8",
        ";charset=\"utf-8\"",
        "; charset=\"UTF-8\"",
        "; Charset=Utf-8",
        "; charset='utf-8'",
        "; charset=utf8",
        "; charset=\"Utf8\"",
        "; charset=utf-16",
        "; charset=\"utf-16le\"",
        "; charset=UTF-16BE",
        "; charset=utf-32",
        "; charset=utf-7",
        "; charset=us-ascii",
        "; charset=iso-8859-1",
        "; charset=latin1",
        "; charset=windows-1252",
        "; charset=nonsense",
        "; charset=\"non\\\"sense\"",
        "; charset=\"",
        "; charset=\"\"",
        "; charset=",
        "; charset",
        "; =utf-8",
        "; charset=*",
        "; charset=65001",
        "; charset=%75tf-8",
        "; charset=utf-8; charset=utf-16",
        "; charset=utf-8; boundary=x; a=\"b;c\"",
        "; boundary=x; charset=utf-16; charset=utf-8",
        "; charset=utf-8;",
        "; charset=utf-8, text/html",
        "; charset=\xc3\xbc",
        "; charset=\xff",
        "; charset=\"\t\"",
        ";\tcharset=utf-8",
        $"; charset={new string('u', 3000)}",
    ];

    private static readonly string[] Wrecks =
    [
        "",
        "\0",
        "\xff\xfe",
        "{",
        "[",
        "\"",
        "--x\r\n\r\n--x--",
        new string('a', 20_000),
        new string('[', 5000),
        string.Concat(Enumerable.Repeat("a=1&", 500)),
        "\xef\xbb\xbf{}",
    ];

    private readonly FuzzJson json = new(dice);

    public (string? Type, string Body) Next(string path)
    {
        var isMcp = path.StartsWith("/mcp", StringComparison.Ordinal);
        var wantsJson = isMcp || path.StartsWith("/register", StringComparison.Ordinal);
        if (dice.Chance(30))
            return (Type(wantsJson), dice.Pick(Wrecks));
        if (dice.Chance(25))
            return (dice.Pick("multipart/form-data; boundary=x", "multipart/form-data"), forms.Parts(path));
        var isJson = dice.Chance(wantsJson ? 19 : 1, 20);
        return (
            Type(isJson),
            !isJson ? forms.Of(path)
            : isMcp ? json.Rpc()
            : json.Client()
        );
    }

    private string? Type(bool isJson) =>
        dice.Chance(15) ? null
        : dice.Chance(6) ? dice.Pick(Types)
        : (isJson ? "application/json" : FormType) + (dice.Chance(4) ? dice.Pick(Parameters) : "");
}
