using Microsoft.AspNetCore.Identity;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>A local account. <c>Id</c> is the subject of its tokens.</summary>
public sealed class Account : IdentityUser
{
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>Sealed key of the authenticator app; as long as <c>TwoFactorEnabled</c> is false the app has yet to prove it.</summary>
    public string? AuthenticatorKey { get; set; }

    /// <summary>Wrong passwords and codes since its owner last signed in, and between that time and the one before.</summary>
    public int FailedSinceSignIn { get; set; }

    public int FailedBeforeSignIn { get; set; }

    /// <summary>The step of the last code that was accepted: neither it nor an earlier one is again.</summary>
    public long? AuthenticatorStep { get; set; }
}
