namespace OAuthMcp.Integration.Fuzzing;

/// <summary>Names and values that were trouble somewhere: one byte to a character.</summary>
internal static class FuzzWords
{
    public const string Elsewhere = "evil.example";

    /// <summary>Of the fields of OAuth's requests and of forms, spelt well or oddly.</summary>
    public static readonly string[] Fields =
    [
        .. "client_id client_id redirect_uri redirect_uri response_type scope state code_challenge code_challenge_method".Split(' '),
        .. "resource prompt grant_type code code_verifier refresh_token token token_type_hint client_secret".Split(' '),
        .. "client_assertion client_assertion_type request request_uri response_mode access_token decision then".Split(' '),
        .. "username password current remove name credential provider client link handler ReturnUrl area page".Split(' '),
        .. "__RequestVerificationToken Client_Id a[] a.b __proto__ % =".Split(' '),
        "",
    ];

    public static readonly string[] Values =
    [
        .. Texts(),
        .. Encodings(),
        .. Addresses(),
        .. "null true -1 NaN 1e999 9223372036854775808 0x10 [] {} none plain offline_access".Split(' '),
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "urn:ietf:params:oauth:grant-type:device_code",
        "eyJhbGciOiJub25lIn0.e30.",
        "a.b.c",
        "....",
        "mcp.read mcp.read",
        "mcp.write\tx",
        "select_account login",
        "token id_token",
    ];

    /// <summary>What a header's value should not hold, and may: obs-text, UTF-8 whole and broken, tabs, controls (RFC 9110 §5.5).</summary>
    public static readonly string[] Bytes =
    [
        "\x80",
        "\xe4",
        "\xff",
        "\xff\xfe",
        "\xc3\xbc", // ü
        "\xf0\x9f\x92\xa9", // an emoji
        "\xe2\x80\xae", // right-to-left override
        "\xc0\xaf", // an overlong slash
        "\xed\xa0\x80", // half a surrogate pair
        "\xf4\x90\x80\x80", // above Unicode
        "\xef\xbb\xbf",
        "\xc3", // the first half of a character
        "\t",
        "\t\t \t",
        "\x01",
        "\x0b",
        "\x1b[31m",
        "\x7f",
        "\0",
        "\"",
        "\\",
        "\"\\\"",
        ",",
        ";=",
        string.Concat(Enumerable.Range(0x80, 0x80).Select(octet => (char)octet)),
    ];

    private static string[] Texts() =>
        [
            "",
            " ",
            "' OR '1'='1",
            "'; DROP TABLE clients;--",
            "\\",
            "${7*7}{{7*7}}",
            "<script>fuzz</script>",
            "%3Cscript%3Efuzz%3C/script%3E",
            "\"><img src=x onerror=fuzz>",
            "%22%3E%3Cscript%3Efuzz%3C%2Fscript%3E",
            "%0d%0aX-Injected:%20yes",
            "x%0aX-Injected:%20yes",
        ];

    private static string[] Encodings() =>
        [
            "%00",
            "a%00b",
            "\0",
            "%",
            "%zz",
            "%c0%af",
            "%ff%fe%fd",
            "\xff\xfe",
            "%ed%a0%80",
            "%u0041",
            "%25%32%35",
            "%E2%80%AE%E2%80%8B",
            "%F0%9F%92%A9",
            "%EF%BF%BE",
            "\u0130\u00df",
        ];

    private static string[] Addresses() =>
        [
            $"http://{Elsewhere}/",
            $"//{Elsewhere}",
            $"https://{Elsewhere}@localhost/",
            $"http://127.0.0.1:7777@{Elsewhere}/callback",
            $"http://127.0.0.1.{Elsewhere}/callback",
            "http://127.0.0.1:99999/callback",
            "javascript:fuzz()",
            "data:text/html,fuzz",
            "http://[::1",
            "file:///etc/passwd",
            "http://127.0.0.1:7777/callback%23f",
            "http://127.0.0.1:7777/callback?x=1",
        ];
}
