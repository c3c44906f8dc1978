using System.Globalization;
using System.Text.RegularExpressions;
using OAuthMcp.Api.Pages;
using OAuthMcp.Unit.Architecture;

namespace OAuthMcp.Unit.Pages;

/// <summary>Whatever colour an operator likes, everybody can read the buttons and the links (WCAG 2.2 §1.4.3).</summary>
public sealed class AccentStyleTests
{
    private static readonly string Css = File.ReadAllText(Path.Combine(Sources.Root, "src", "Api", "Assets", "site.css"));

    [Theory]
    [InlineData("#1d5bb8", "#ffffff")]
    [InlineData("#FFCC00", "#000000")]
    [InlineData("#000000", "#ffffff")]
    [InlineData("#ffffff", "#000000")]
    [InlineData("#767676", "#000000")]
    [InlineData("#c2185b", "#ffffff")]
    public void Text_on_a_button_is_black_or_white_whichever_can_be_read(string color, string ink)
    {
        var style = AccentStyle.Of(color);
        Assert.Equal((color.ToLowerInvariant(), ink), (Values(style, "accent")[0], Values(style, "accent-ink")[0]));
        AssertReadable(color, ink);
    }

    [Fact]
    public void Every_colour_can_be_read_as_a_link_and_read_upon_as_a_button()
    {
        // The grounds as the style sheet has them, so that a change there is seen here.
        var grounds = Values(Css, "paper").Zip(Values(Css, "shade")).Select(pair => new[] { pair.First, pair.Second }).ToList();
        Assert.Equal(2, grounds.Count);
        var inks = Values(Css, "ink");
        for (var color = 0; color <= 0xfff; color++)
        {
            var accent = $"#{color:x3}";
            accent = string.Concat(accent.SelectMany(digit => digit == '#' ? "#" : $"{digit}{digit}"));
            var style = AccentStyle.Of(accent);
            AssertReadable(Values(style, "accent")[0], Values(style, "accent-ink")[0]);
            foreach (var (scheme, link) in Values(style, "link").Index())
            {
                foreach (var ground in grounds[scheme])
                    AssertReadable(link, ground);
                AssertReadable(inks[scheme], Values(style, "accent-shade")[scheme]);
            }
        }
    }

    [Fact]
    public void Colour_that_can_be_read_is_the_colour_of_links_as_it_is() =>
        Assert.Equal(["#1d5bb8"], Values(AccentStyle.Of("#1d5bb8"), "link").Take(1));

    private static void AssertReadable(string one, string other)
    {
        var (first, second) = (Luminance(one), Luminance(other));
        var contrast = (Math.Max(first, second) + .05) / (Math.Min(first, second) + .05);
        Assert.True(contrast >= 4.5, $"{one} on {other} has a contrast of {contrast:F2}");
    }

    private static double Luminance(string color)
    {
        double Linear(int at)
        {
            var value = int.Parse(color.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Linear(1)) + (0.7152 * Linear(3)) + (0.0722 * Linear(5));
    }

    /// <summary>Of the light scheme, then of the dark one.</summary>
    private static List<string> Values(string css, string property) =>
        [.. Regex.Matches(css, $"--{property}: (#[0-9a-f]{{6}})").Select(match => match.Groups[1].Value)];
}
