namespace OAuthMcp.Domain.Accounts;

/// <summary>Where somebody signs in from. Wrong passwords count against the place that they come from, not against whose name was typed.</summary>
/// <param name="Peer">The address, as far as it tells one network from another.</param>
/// <param name="Device">The browser's own name, if somebody signed in there before; else null.</param>
/// <param name="DeviceOf">Who that was.</param>
public sealed record SignInSource(string Peer, string? Device, string? DeviceOf)
{
    /// <summary>All that are nobody's known device, together.</summary>
    public const string Strangers = "strangers";

    /// <summary>Codes, wherever they come from: whoever sends one has the password already.</summary>
    public const string Codes = "codes";

    public static readonly SignInSource Unknown = new("", null, null);

    /// <summary>With how many wrong passwords one place is locked out, and with how many all strangers are.</summary>
    public const int PlaceLimit = 10;

    public const int StrangersLimit = 100;

    public bool IsKnown(string subject) => Device is not null && DeviceOf == subject;

    /// <summary>What they count against, each with its limit: a known device by itself alone.</summary>
    public IReadOnlyList<(string Place, int Limit)> PlacesFor(string? subject) =>
        subject is not null && IsKnown(subject)
            ? [($"device {Device}", PlaceLimit)]
            : [($"peer {Peer}", PlaceLimit), (Strangers, StrangersLimit)];
}
