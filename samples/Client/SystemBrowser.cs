using System.ComponentModel;
using System.Diagnostics;

namespace OAuthMcp.Client;

/// <summary>The browser of the person at this machine.</summary>
internal static class SystemBrowser
{
    /// <summary>
    /// Hands it the URL as one argument and without a shell. Only http and https: the URL comes from a server, and other
    /// schemes start other programs.
    /// </summary>
    /// <returns>False when there is no browser to open.</returns>
    public static bool Open(Uri url)
    {
        if (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
            throw new ArgumentException("Only http and https URLs are opened.", nameof(url));
        if (
            OperatingSystem.IsLinux()
            && Environment.GetEnvironmentVariable("DISPLAY") is null
            && Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is null
        )
            return false;
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo(url.AbsoluteUri) { UseShellExecute = true }
            : new ProcessStartInfo(OperatingSystem.IsMacOS() ? "open" : "xdg-open", [url.AbsoluteUri]);
        try
        {
            Process.Start(start)?.Dispose();
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
