namespace OAuthMcp.Api.Configuration;

/// <summary>What the pages look like, as far as the operator has a wish.</summary>
/// <param name="AccentColor">Of buttons and links, as #rrggbb.</param>
/// <param name="StyleSheet">Has the last word.</param>
internal sealed record Look(ServedFile? Logo, string? AccentColor, ServedFile? StyleSheet);
