namespace OAuthMcp.Api.Doctor;

/// <summary>What a check makes of what it saw. A fault keeps some client out; a note is for the operator to judge.</summary>
internal enum Verdict
{
    Ok,
    Note,
    Fault,
    Skipped,
}
