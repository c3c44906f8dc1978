using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Upstream;

/// <summary>Which users of a provider may enter: those that one of the lists names, or everybody while all are empty.</summary>
/// <param name="Users">Subjects, or user names where the provider keeps them unique.</param>
/// <param name="Groups">Organisations, groups or teams.</param>
/// <param name="EmailDomains">What follows the @ of a verified address.</param>
/// <param name="NamesAreUnique">Whether no two users share a name, as they may with OpenID Connect (Core §5.7).</param>
internal sealed record EntryRules(
    IReadOnlyList<string> Users,
    IReadOnlyList<string> Groups,
    IReadOnlyList<string> EmailDomains,
    bool NamesAreUnique
)
{
    public bool AdmitsEverybody => Users.Count + Groups.Count + EmailDomains.Count == 0;

    public OAuthError? Refuse(UpstreamUser user) =>
        AdmitsEverybody || IsNamed(user) || user.Groups.Intersect(Groups, Names).Any() || user.VerifiedEmails.Any(HasDomain)
            ? null
            : new OAuthError("access_denied", "Your account there may not sign in here.")
            {
                Detail = $"no rule admits subject {user.Subject}",
            };

    private StringComparer Names => NamesAreUnique ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    // Where names are unique, subjects are numbers. A number counts as a subject alone, since anybody might take it for a name.
    private bool IsNamed(UpstreamUser user) =>
        Users.Contains(user.Subject, StringComparer.Ordinal)
        || (NamesAreUnique && !user.UserName.All(char.IsAsciiDigit) && Users.Contains(user.UserName, Names));

    private bool HasDomain(string email) =>
        email.LastIndexOf('@') is > 0 and var at && EmailDomains.Contains(email[(at + 1)..], StringComparer.OrdinalIgnoreCase);
}
