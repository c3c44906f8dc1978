namespace OAuthMcp.Api.Pages;

/// <summary>
/// Where a sign-in leads when no client waits: one of these names, since an address in the request could be anybody's (CWE-601).
/// </summary>
internal static class Destinations
{
    public const string Connections = "connections";
    public const string Account = "account";
    public const string Admin = "admin";

    /// <summary>The name, if it is one; else null.</summary>
    public static string? Known(string? name) => name is Connections or Account or Admin ? name : null;

    public static string PathOf(string? name) => $"/{Known(name)}";
}
