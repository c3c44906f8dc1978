using OAuthMcp.Api.Pages;

namespace OAuthMcp.Api.Commands;

/// <summary>How a terminal shows what others chose, and times.</summary>
internal static class Shown
{
    /// <summary>Without what would move the cursor or change colours.</summary>
    public static string Name(string? name) => ClientNames.Display(name) ?? "(no name)";

    public static string Moment(DateTimeOffset time) => $"{time.UtcDateTime:yyyy-MM-dd HH:mm}Z";

    /// <summary>2 passkeys, 1 passkey.</summary>
    public static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
