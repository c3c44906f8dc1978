namespace OAuthMcp.Domain.Accounts;

/// <summary>
/// Where somebody signs in from. Wrong passwords count against that place, since anybody may type the name of somebody else.
/// </summary>
/// <param name="Peer">The address, as far as it tells one network from another.</param>
/// <param name="Device">The id of the browser, if somebody has signed in there before; else null.</param>
/// <param name="DeviceOf">Who that was.</param>
internal sealed record SignInSource(string Peer, string? Device, string? DeviceOf)
{
    /// <summary>All places together in which the account has not signed in before.</summary>
    public const string Strangers = "strangers";

    /// <summary>All codes, wherever they come from: whoever sends one has the password already.</summary>
    public const string Codes = "codes";

    public static readonly SignInSource Unknown = new("", null, null);

    /// <summary>How many wrong passwords lock out one place, and below, how many lock out all strangers.</summary>
    public const int PlaceLimit = 10;

    public const int StrangersLimit = 100;

    public bool IsKnown(string subject) => Device is not null && DeviceOf == subject;

    /// <summary>The places that a wrong password counts against, each with its limit. A known device counts by itself alone.</summary>
    public IReadOnlyList<(string Place, int Limit)> PlacesFor(string? subject) =>
        subject is not null && IsKnown(subject)
            ? [($"device {Device}", PlaceLimit)]
            : [($"peer {Peer}", PlaceLimit), (Strangers, StrangersLimit)];
}
