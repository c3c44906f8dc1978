namespace OAuthMcp.Application.Audit;

/// <summary>
/// An operator's act, from the command line or a page. Each is an event, served or refused, with the name of its request.
/// </summary>
internal interface IAdministration : IAudited
{
    /// <summary>What it is done to, as the operator named it: a user name, a client id, a key; null for everything.</summary>
    string? Target { get; }

    Audited IAudited.Audited =>
        new(AuditWords.Administration, GetType().Name.Replace("Command", "", StringComparison.Ordinal)) { Name = Target };
}
