using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Identity;
using OAuthMcp.Domain.Accounts;

namespace OAuthMcp.Infrastructure.Accounts;

/// <summary>Identity's own one throws on what is no Unicode character, and knows no wide letters.</summary>
internal sealed class NameNormalizer : ILookupNormalizer
{
    [return: NotNullIfNotNull(nameof(name))]
    public string? NormalizeName(string? name) => name is null ? null : TypedText.Name(name);

    [return: NotNullIfNotNull(nameof(email))]
    public string? NormalizeEmail(string? email) => NormalizeName(email);
}
