using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Pages;

/// <param name="Address">The application's, with the answer in it.</param>
/// <param name="Error">What it is told; null when it was allowed.</param>
public sealed record ReturnView(string Address, OAuthError? Error)
{
    public string Title =>
        Error switch
        {
            null => Texts.Return_Allowed,
            { Code: "access_denied" } => Texts.Return_Denied,
            _ => Texts.Refusal_Title,
        };
}
