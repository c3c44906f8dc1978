using System.Text;
using Microsoft.AspNetCore.Html;
using OAuthMcp.Domain.Protocol;
using QRCoder;

namespace OAuthMcp.Api.Pages;

/// <summary>A QR code as inline SVG: one path without style, so that the content security policy needs no exception.</summary>
internal static class QrCode
{
    private const int QuietZone = 4; // ISO/IEC 18004 §9.1; the library adds it

    public static IHtmlContent Of(Secret text, string label)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text.Reveal(), QRCodeGenerator.ECCLevel.M);
        var (path, size) = (new StringBuilder(), data.ModuleMatrix.Count);
        for (var y = QuietZone; y < size - QuietZone; y++)
        for (var x = QuietZone; x < size - QuietZone; x++)
            if (data.ModuleMatrix[y][x])
                path.Append(null, $"M{x} {y}h1v1h-1z");
        return """
            <svg class="qr" role="img" aria-label="{0}" viewBox="0 0 {1} {1}" shape-rendering="crispEdges"><path d="{2}"/></svg>
            """.Format(label, size, path.ToString());
    }
}
