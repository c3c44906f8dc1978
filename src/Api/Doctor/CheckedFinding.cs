namespace OAuthMcp.Api.Doctor;

/// <summary>What a check found, under its name.</summary>
internal sealed record CheckedFinding(string Check, Verdict Verdict, string Seen, string? Change);
