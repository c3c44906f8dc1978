using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Authorize;

/// <summary>Where the browser goes next. Closed: pages show a step, they never choose one.</summary>
public abstract record AuthorizeStep : IRefusable<AuthorizeStep>
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

    /// <summary>Back to the client with a code or an error.</summary>
    public sealed record Redirect(string Location, OAuthError? Reason = null) : AuthorizeStep
    {
        public override OAuthError? Error => Reason;
    }

    /// <summary>An error that the user must see before a click takes it to the client, whose host is named.</summary>
    public sealed record ConfirmRedirect(string Location, string Host, OAuthError Reason) : AuthorizeStep
    {
        public override OAuthError? Error => Reason;
    }

    /// <summary>An error page here: client or redirect_uri is unproven, or the request is not this browser's.</summary>
    public sealed record Refuse(OAuthError Reason) : AuthorizeStep
    {
        public override OAuthError? Error => Reason;
    }
}
