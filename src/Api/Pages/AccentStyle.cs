using System.Globalization;

namespace OAuthMcp.Api.Pages;

/// <summary>
/// The colours that follow from the one of the operator. Whatever it is, text can be read in it and on it (WCAG 2.2 §1.4.3): where it
/// is too light or too dark for a link, the link is in a darker or lighter shade of it.
/// </summary>
internal static class AccentStyle
{
    private const double Readable = 4.5;
    private const int Steps = 20;
    private const double Tint = .1;

    // Of site.css: that ground of each scheme which is nearest to the colour of a link.
    private const int LightGround = 0xf4f5f7;
    private const int DarkGround = 0x1a1d21;

    private const int White = 0xffffff;
    private const int Black = 0;

    /// <summary>What to add to site.css.</summary>
    /// <param name="color">As #rrggbb.</param>
    public static string Of(string color)
    {
        var accent = int.Parse(color.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var isDark = Contrast(accent, White) >= Contrast(accent, Black);
        return $$"""

            :root { --accent: {{Hex(accent)}}; --accent-ink: {{Hex(isDark ? White : Black)}}; --hover: brightness({{(
                isDark ? ".92" : "1.08"
            )}}); }
            :root { --link: {{Hex(On(LightGround, accent, Black))}}; --accent-shade: {{Hex(Mix(White, accent, Tint))}}; }
            @media (prefers-color-scheme: dark) {
              :root { --link: {{Hex(On(DarkGround, accent, White))}}; --accent-shade: {{Hex(Mix(DarkGround, accent, Tint))}}; }
            }

            """;
    }

    // The colour itself, or the first shade of it that can be read there.
    private static int On(int ground, int color, int end) =>
        Enumerable
            .Range(0, Steps + 1)
            .Select(step => Mix(color, end, (double)step / Steps))
            .First(shade => Contrast(shade, ground) >= Readable);

    private static int Mix(int color, int other, double share) =>
        Channels(color)
            .Zip(Channels(other), (from, to) => (int)Math.Round(from + ((to - from) * share)))
            .Aggregate(0, (mixed, channel) => (mixed << 8) | channel);

    private static double Contrast(int one, int other)
    {
        var (first, second) = (Luminance(one), Luminance(other));
        return (Math.Max(first, second) + .05) / (Math.Min(first, second) + .05);
    }

    // WCAG 2.2, "relative luminance"
    private static double Luminance(int color) =>
        Channels(color)
            .Select(channel => channel / 255d)
            .Select(channel => channel <= .04045 ? channel / 12.92 : Math.Pow((channel + .055) / 1.055, 2.4))
            .Zip([.2126, .7152, .0722], (channel, weight) => channel * weight)
            .Sum();

    private static IEnumerable<int> Channels(int color) => [(color >> 16) & 255, (color >> 8) & 255, color & 255];

    private static string Hex(int color) => $"#{color:x6}";
}
