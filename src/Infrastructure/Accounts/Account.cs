using Microsoft.AspNetCore.Identity;

namespace OAuthMcp.Infrastructure.Accounts;

/// <summary>A local account. <c>Id</c> is the subject of its tokens.</summary>
public sealed class Account : IdentityUser
{
    public DateTimeOffset? DisabledAt { get; set; }
}
