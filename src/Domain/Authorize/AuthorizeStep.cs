using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Authorize;

/// <summary>Where the browser goes next. Closed: pages show a step, they never choose one.</summary>
internal abstract record AuthorizeStep : IRefusable<AuthorizeStep>
{
    private AuthorizeStep() { }

    public virtual OAuthError? Error => null;

    public static AuthorizeStep Refused(OAuthError error) => new Refuse(error);

    public static implicit operator AuthorizeStep(OAuthError error) => new Refuse(error);

    /// <summary>Ask who it is.</summary>
    public sealed record SignIn(string RequestId) : AuthorizeStep;

    /// <summary>Ask whether the client may.</summary>
    public sealed record Consent(string RequestId) : AuthorizeStep;

    /// <summary>Send the user to the upstream provider that was chosen.</summary>
    public sealed record Upstream(string RequestId) : AuthorizeStep;

    /// <summary>A page of ours, where no client waits.</summary>
    /// <param name="Name">Null for the first one.</param>
    public sealed record Page(string? Name) : AuthorizeStep;

    /// <summary>Ask who it is, where no client waits.</summary>
    /// <param name="Then">The page that it leads to; null for the first one.</param>
    public sealed record SignInToPage(string? Then) : AuthorizeStep;

    /// <summary>The provider wants its user to sign in anew instead of using a session. The user is told, and goes there again.</summary>
    /// <param name="RequestId">Null where no client waits.</param>
    public sealed record SignInThere(string? RequestId, string? Then, OAuthError Reason) : AuthorizeStep
    {
        public override OAuthError? Error => Reason;
    }

    /// <summary>Away to the provider's own page.</summary>
    public sealed record Provider(string Location) : AuthorizeStep;

    /// <summary>Back to the client with a code or an error.</summary>
    public sealed record Redirect(AuthorizationResponse Response) : AuthorizeStep
    {
        public override OAuthError? Error => Response.Error;
    }

    /// <summary>An error that the user has to see first. The page names the host of the client, and a click leads there.</summary>
    public sealed record ConfirmRedirect(AuthorizationResponse Response) : AuthorizeStep
    {
        public override OAuthError? Error => Response.Error;
    }

    /// <summary>An error page here: client or redirect_uri is unproven, or the request is not this browser's.</summary>
    public sealed record Refuse(OAuthError Reason) : AuthorizeStep
    {
        public override OAuthError? Error => Reason;
    }
}
