namespace OAuthMcp.Load;

/// <summary>What the command line says.</summary>
internal sealed record Settings
{
    /// <summary>The redirect URI, where nobody listens: the walk ends when it is named.</summary>
    public const string Callback = "http://127.0.0.1:7777/callback";

    public required string Work { get; init; }
    public required Uri Server { get; init; }
    public int Connections { get; init; } = 16;

    /// <summary>It ends after this time, and codes earlier where they are used up.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many codes are made beforehand, or how many tokens are kept.</summary>
    public int Count { get; init; } = 1000;

    /// <summary>Where to keep tokens, one a line.</summary>
    public string? File { get; init; }

    public string Client { get; init; } = "bench";
    public string? Secret { get; init; }
    public string Scope { get; init; } = "mcp.read";
    public string? Resource { get; init; }

    /// <summary>Accounts are called <c>bench0</c>, <c>bench1</c> and so on; the connections sign in as one after the other.</summary>
    public int Users { get; init; } = 1;

    public string Password { get; init; } = "";

    /// <summary>Whether to write <c>ready</c> once all is prepared, and to begin only when a line is read.</summary>
    public bool Waits { get; init; }

    public static Settings Parse(string[] args)
    {
        var given = args.Skip(1).Select(argument => argument.TrimStart('-').Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        string? Take(string name) => given.Remove(name, out var value) ? value : null;
        int Number(string name, int otherwise) => int.TryParse(Take(name), out var value) ? value : otherwise;
        var settings = new Settings
        {
            Work = args[0],
            Server = new Uri(Take("url")!),
            Connections = Number("connections", 16),
            Time = TimeSpan.FromSeconds(Number("seconds", 5)),
            Count = Number("count", 1000),
            File = Take("file"),
            Client = Take("client") ?? "bench",
            Secret = Take("secret"),
            Scope = Take("scope") ?? "mcp.read",
            Resource = Take("resource"),
            Users = Number("users", 1),
            Password = Take("password") ?? "",
            Waits = Take("wait") == "true",
        };
        return given.Count == 0 ? settings : throw new ArgumentException($"There is no option --{given.First().Key}.");
    }
}
