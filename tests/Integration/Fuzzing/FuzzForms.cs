using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Fuzzing;

/// <summary>Forms and queries: whole ones of a page that were bent here and there, and any fields at all.</summary>
internal sealed class FuzzForms(FuzzDice dice, Uri server, string clientId, string accessToken)
{
    private static readonly Dictionary<string, string> Pages = new()
    {
        ["/signin"] = "request then username password",
        ["/signin/code"] = "request then code",
        ["/signin/upstream"] = "provider request then link",
        ["/signout"] = "request",
        ["/consent"] = "request decision scope scope",
        ["/connections"] = "provider",
        ["/connections/disconnect"] = "client",
        ["/account/password"] = "username current password remove remove",
        ["/account/authenticator"] = "code",
        ["/account/authenticator/off"] = "",
        ["/account/recovery-codes"] = "",
        ["/account/passkeys"] = "name credential state",
        ["/account/passkeys/remove"] = "id",
    };

    private static readonly string[] Grants = ["authorization_code", "refresh_token", "client_credentials"];

    /// <summary>What the forms of this browser hold.</summary>
    public required FuzzSession Session { get; set; }

    /// <summary>Fields and their values, encoded; those of the page's form, if it has one.</summary>
    public string Of(string path) =>
        Pages.TryGetValue(path.Split('?')[0], out var names) && dice.Chance(3, 4) ? string.Join('&', Bent(names)) : Any();

    /// <summary>The same in parts, which no page of this server takes.</summary>
    public string Parts(string path) =>
        string.Concat(
            Of(path)
                .Split('&')
                .Select(field => field.Split('=', 2))
                .Select(field =>
                    $"--x\r\nContent-Disposition: form-data; name=\"{field[0]}\"{dice.Pick("", "; filename=\"f\"")}\r\n\r\n{field[^1]}\r\n"
                )
        ) + dice.Pick("--x--\r\n", "", "--x", "--y--\r\n");

    /// <summary>Good as often as bad, so that a bad value meets the checks behind the first one.</summary>
    public string Value(string name) => dice.Chance(2) ? Good(name) : Odd();

    public string Any() =>
        string.Join(
            '&',
            Enumerable
                .Range(0, 1 + dice.Below(9))
                .Select(_ => dice.Pick(FuzzWords.Fields))
                .SelectMany(name => Enumerable.Repeat(name, dice.Chance(15) ? 2 : 1))
                .Select(name => dice.Chance(25) ? name : $"{name}={Value(name)}")
        );

    private List<string> Bent(string names)
    {
        List<string> fields =
        [
            .. names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(_ => dice.Chance(4, 5)).Select(name => $"{name}={Good(name)}"),
            $"{BrowserForms.AntiforgeryField}={Session.AntiForgery}",
        ];
        for (var bends = dice.Below(3); bends > 0 && fields.Count > 0; bends--)
        {
            var at = dice.Below(fields.Count);
            var name = fields[at].Split('=')[0];
            switch (dice.Below(5))
            {
                case 0:
                    fields.RemoveAt(at);
                    break;
                case 1:
                    fields.Add(fields[at]);
                    break;
                case 2:
                    fields.Add($"{dice.Pick(FuzzWords.Fields)}={Odd()}");
                    break;
                case 3:
                    fields[at] = $"{dice.Pick(name.ToUpperInvariant(), name + "[]", name + "%00", "%" + name)}={Good(name)}";
                    break;
                default:
                    fields[at] = $"{name}={Odd()}";
                    break;
            }
        }

        return fields;
    }

    private string Odd() =>
        dice.Chance(40) ? new string(dice.Pick("A", "%", "/", "\xe4")[0], dice.Chance(3) ? 20_000 : 300)
        : dice.Chance(8) ? dice.Pick(FuzzWords.Bytes)
        : dice.Pick(FuzzWords.Values);

    private string Good(string name) =>
        name switch
        {
            "client_id" or "client" => clientId,
            "redirect_uri" => TestClient.RedirectUri,
            "response_type" => "code",
            "scope" => dice.Pick("mcp.read", "mcp.write"),
            "resource" => server.GetLeftPart(UriPartial.Authority) + "/mcp",
            "code_challenge" or "code_verifier" => new string('E', 43),
            "code_challenge_method" => "S256",
            "grant_type" => dice.Pick(Grants),
            "decision" => dice.Pick("allow", "deny"),
            "token" => accessToken[..^2] + "xx",
            BrowserForms.AntiforgeryField => Session.AntiForgery,
            "request" => Session.RequestId,
            "then" => dice.Pick("account", "connections"),
            "provider" => "github",
            "username" => FuzzSession.HalfWay,
            "code" => $"{dice.Below(1_000_000):D6}",
            "client_assertion_type" => "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "credential" => "%7B%22id%22:%22AAAA%22,%22rawId%22:%22AAAA%22,%22type%22:%22public-key%22,%22response%22:%7B%7D%7D",
            // A good form with a password costs a slow hash: the tests of the sign-in have those.
            "password" or "current" => "",
            _ => dice.Hex(),
        };
}
