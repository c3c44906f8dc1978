namespace OAuthMcp.Integration.Hosting;

/// <summary>A server that its operator gave a name and a look.</summary>
public sealed class BrandedServer : IAsyncLifetime
{
    public const string Name = "Kestrel Bank";

    /// <summary>With colours of its own, and with a script, which nobody may run.</summary>
    public const string Logo = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 32" width="120" height="32"><title>Kestrel</title>
        <style>rect { fill: rgb(194, 24, 91) }</style><rect width="120" height="32" rx="6"/>
        <text x="12" y="22" font-family="sans-serif" font-size="18" fill="#fff">Kestrel</text>
        <script>document.documentElement.setAttribute("data-ran", "yes")</script></svg>
        """;

    public const string StyleSheet = "main { border-style: double }";

    private readonly TemporaryFolder files = new();

    internal TestServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await TestServer.StartAsync(Keys("#ffcc00"));

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        files.Dispose();
    }

    /// <summary>What the operator of such a server configures.</summary>
    internal (string Key, string Value)[] Keys(string accentColor)
    {
        var (logo, styleSheet) = (Path.Combine(files.Path, "logo.svg"), Path.Combine(files.Path, "acme.css"));
        File.WriteAllText(logo, Logo);
        File.WriteAllText(styleSheet, StyleSheet);
        return
        [
            ("Branding:Name", Name),
            ("Branding:Logo", logo),
            ("Branding:AccentColor", accentColor),
            ("Branding:StyleSheet", styleSheet),
            ("Branding:TermsUri", "https://bank.example/terms"),
            ("Branding:PrivacyUri", "https://bank.example/privacy"),
            ("Branding:SupportUri", "mailto:help@bank.example"),
            ("Mcp:Instructions", "Ask before you move money."),
        ];
    }
}
