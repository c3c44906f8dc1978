using Microsoft.AspNetCore.Identity;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>A local account. <c>Id</c> is the subject of its tokens.</summary>
internal sealed class Account : IdentityUser
{
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>Sealed key of the authenticator app, which has yet to be proven while <c>TwoFactorEnabled</c> is false.</summary>
    public string? AuthenticatorKey { get; set; }

    /// <summary>Wrong passwords and codes since the last sign-in.</summary>
    public int FailedSinceSignIn { get; set; }

    /// <summary>Wrong passwords and codes between the last two sign-ins.</summary>
    public int FailedBeforeSignIn { get; set; }

    /// <summary>The time step of the last accepted code. No code of it or of an earlier one is accepted again.</summary>
    public long? AuthenticatorStep { get; set; }
}
