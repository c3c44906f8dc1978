using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Identity;
using OAuthMcp.Domain.Accounts;

namespace OAuthMcp.Infrastructure.Accounts;

/// <summary>
/// Identity's own normalizer throws on text that is not valid Unicode, and does not equate wide letters with plain ones.
/// </summary>
internal sealed class NameNormalizer : ILookupNormalizer
{
    [return: NotNullIfNotNull(nameof(name))]
    public string? NormalizeName(string? name) => name is null ? null : TypedText.Name(name);

    [return: NotNullIfNotNull(nameof(email))]
    public string? NormalizeEmail(string? email) => NormalizeName(email);
}
