namespace OAuthMcp.Application.Audit;

/// <summary>The words of the trail. What reads the trail goes by them, so they do not change.</summary>
internal static class AuditWords
{
    public const string SignIn = "sign_in";
    public const string SignOut = "sign_out";
    public const string Account = "account_change";
    public const string Authorization = "authorization";
    public const string Consent = "consent";
    public const string Registration = "registration";
    public const string TokenIssue = "token_issue";
    public const string TokenReuse = "token_reuse";
    public const string Introspection = "introspection";
    public const string Revocation = "revocation";
    public const string Access = "access";
    public const string ToolCall = "tool_call";
    public const string Administration = "administration";

    /// <summary>Says how many events are not in the trail, and why.</summary>
    public const string Missing = "missing";

    public const string Allowed = "allowed";
    public const string Refused = "refused";

    /// <summary>It was let in and did not succeed: the API behind did not answer, an argument was wrong.</summary>
    public const string Failed = "failed";

    /// <summary>The first step of a sign-in was right, and a second one is asked for.</summary>
    public const string Continued = "continued";

    public static readonly IReadOnlyList<string> What =
    [
        SignIn,
        SignOut,
        Account,
        Authorization,
        Consent,
        Registration,
        TokenIssue,
        TokenReuse,
        Introspection,
        Revocation,
        Access,
        ToolCall,
        Administration,
        Missing,
    ];
}
