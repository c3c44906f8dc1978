using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tools;

/// <summary>What a tool has to say: a value, or one plain sentence about what went wrong.</summary>
/// <param name="LinkUrl">The page where the user can mend it, by linking an account; else null.</param>
internal sealed record ToolOutcome<T>(T? Value, string? Failure, string? LinkUrl = null) : IRefusable<ToolOutcome<T>>, IToolAnswer
    where T : class
{
    public OAuthError? Error => Failure is null ? null : OAuthError.InvalidRequest(Failure);

    public static ToolOutcome<T> Refused(OAuthError error) => new(null, error.Description);

    public static ToolOutcome<T> NoToken() => new(null, "There is no token: set the API_KEY environment variable of this server.");

    public static implicit operator ToolOutcome<T>(T value) => new(value, null);
}
