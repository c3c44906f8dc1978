using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Configuration;

/// <summary>The server's own name and look, as far as it can be shown.</summary>
public sealed class BrandingTests : IDisposable
{
    private const string Name = "Branding:Name must have 1 to 60 characters in one line.";
    private const string Color = "Branding:AccentColor must be a colour such as #1d5bb8.";
    private const string Terms = "Branding:TermsUri must be an absolute https URL.";
    private const string Support = "Branding:SupportUri must be an absolute https URL or mailto: address.";
    private const string Logo = "Branding:Logo must be a file whose name ends in .svg, .png, .webp, .jpg, .ico.";
    private const string StyleSheet = "Branding:StyleSheet must be a file whose name ends in .css.";

    private readonly string folder = Directory.CreateTempSubdirectory("oauthmcp-branding-").FullName;

    [Theory]
    [InlineData("Name", "", Name)]
    [InlineData("Name", " Acme", Name)]
    [InlineData("Name", "Acme\nInc", Name)]
    [InlineData("Name", "1234567890123456789012345678901234567890123456789012345678901", Name)]
    [InlineData("AccentColor", "", Color)]
    [InlineData("AccentColor", "red", Color)]
    [InlineData("AccentColor", "#fff", Color)]
    [InlineData("AccentColor", "1d5bb8", Color)]
    [InlineData("AccentColor", "#1d5bbg", Color)]
    [InlineData("AccentColor", "#1d5bb8\n", Color)]
    [InlineData("AccentColor", "#1d5bb8; } body { display: none", Color)]
    [InlineData("TermsUri", "/terms", Terms)]
    [InlineData("TermsUri", "http://acme.example/terms", Terms)]
    [InlineData("TermsUri", "javascript:alert(1)", Terms)]
    [InlineData("TermsUri", "https://user:password@acme.example", Terms)]
    [InlineData("PrivacyUri", "acme.example", "Branding:PrivacyUri must be an absolute https URL.")]
    [InlineData("SupportUri", "help@acme.example", Support)]
    [InlineData("SupportUri", "mailto:", Support)]
    [InlineData("SupportUri", "tel:+4912345", Support)]
    [InlineData("Logo", "logo.gif", Logo)]
    [InlineData("Logo", "logo", Logo)]
    [InlineData("StyleSheet", "brand.scss", StyleSheet)]
    [InlineData("Colour", "#1d5bb8", "Branding:Colour is not a configuration key.")]
    public void Refuses_what_cannot_be_shown(string key, string value, string sentence) => AssertRefused(sentence, key, value);

    [Theory]
    [InlineData(0)]
    [InlineData((512 * 1024) + 1)]
    public void Refuses_a_file_that_is_empty_or_too_large(int bytes)
    {
        File.WriteAllBytes(Path.Combine(folder, "logo.png"), new byte[bytes]);
        AssertRefused("Branding:Logo must be a file of 512 KiB at most, and not empty.", "Logo", "logo.png");
    }

    [Fact]
    public void Refuses_a_file_that_is_not_there()
    {
        var file = Path.Combine(folder, "logo.png");
        AssertRefused($"Branding:Logo: Could not find file '{file}'.", "Logo", file);
        Directory.CreateDirectory(file);
        Assert.StartsWith("Branding:Logo: ", Refusal("Logo", file), StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_files_beside_the_program_once()
    {
        File.WriteAllBytes(Path.Combine(folder, "LOGO.PNG"), new byte[512 * 1024]);
        File.WriteAllText(Path.Combine(folder, "brand.css"), "main { border: 0 }");
        var settings = Read(
            ("Name", "Acme"),
            ("Logo", "LOGO.PNG"),
            ("StyleSheet", Path.Combine(folder, "brand.css")),
            ("AccentColor", "#C2185B"),
            ("TermsUri", "https://acme.example/terms?v=2#top"),
            ("SupportUri", "mailto:help@acme.example")
        );
        Assert.Equal(("/logo.png", "image/png", 512 * 1024), Described(settings.Look.Logo));
        Assert.Equal(("/brand.css", "text/css", 18), Described(settings.Look.StyleSheet));
        Assert.Equal("#C2185B", settings.Look.AccentColor);
        Assert.Equal(
            ("Acme", "https://acme.example/terms?v=2#top", null, "mailto:help@acme.example"),
            (settings.OAuth.Brand.Name, settings.OAuth.Brand.TermsUri, settings.OAuth.Brand.PrivacyUri, settings.OAuth.Brand.SupportUri)
        );
    }

    [Fact]
    public void Is_that_of_the_product_where_nothing_is_said()
    {
        var settings = Read();
        Assert.Equal(new Look(null, null, null), settings.Look);
        Assert.Equal(new Application.Settings.Brand { Name = "OAuthMcp" }, settings.OAuth.Brand);
    }

    [Fact]
    public void Instructions_leave_a_model_room_for_something_else()
    {
        Assert.Equal(new string('x', 4000), Read("Mcp:Instructions", new string('x', 4000)).Instructions);
        Assert.Equal(
            "Mcp:Instructions must have 4000 characters at most.",
            Assert.Throws<ConfigurationException>(() => Read("Mcp:Instructions", new string('x', 4001))).Message
        );
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void AssertRefused(string sentence, string key, string value) => Assert.Equal(sentence, Refusal(key, value));

    private string Refusal(string key, string value) => Assert.Throws<ConfigurationException>(() => Read((key, value))).Message;

    private ServerSettings Read(params (string Key, string Value)[] keys) =>
        ServerSettings.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(keys.Select(pair => KeyValuePair.Create($"Branding:{pair.Key}", (string?)pair.Value)))
                .Build(),
            ScopeSet.Of(ScopeSet.Read),
            new HostingEnvironment { EnvironmentName = "Production", ContentRootPath = folder }
        );

    private ServerSettings Read(string key, string value) =>
        ServerSettings.Read(
            new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(key, (string?)value)]).Build(),
            ScopeSet.Of(ScopeSet.Read),
            new HostingEnvironment { EnvironmentName = "Production", ContentRootPath = folder }
        );

    private static (string Path, string ContentType, int Length) Described(ServedFile? file) =>
        (file!.Path, file.ContentType, file.Content.Length);
}
