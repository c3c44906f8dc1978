namespace OAuthMcp.Api.Doctor;

/// <param name="Seen">One sentence of what was seen.</param>
/// <param name="Change">What to change, where something is to be changed.</param>
internal sealed record Finding(Verdict Verdict, string Seen, string? Change = null)
{
    public static Finding Ok(string seen) => new(Verdict.Ok, seen);

    public static Finding Note(string seen, string? change = null) => new(Verdict.Note, seen, change);

    public static Finding Fault(string seen, string change) => new(Verdict.Fault, seen, change);

    public static Finding Skip(string why) => new(Verdict.Skipped, why);
}
