namespace OAuthMcp.Domain.Protocol;

/// <summary>An answer type that the pipeline can refuse with before a handler runs.</summary>
internal interface IRefusable<out TSelf> : IOutcome
{
    static abstract TSelf Refused(OAuthError error);
}
