using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Pages;

/// <param name="Address">The address of the application, with the answer in it.</param>
/// <param name="Error">The error that the application gets; null when it was allowed.</param>
internal sealed record ReturnView(string Address, OAuthError? Error)
{
    public string Title =>
        Error switch
        {
            null => Texts.Return_Allowed,
            { Code: "access_denied" } => Texts.Return_Denied,
            _ => Texts.Refusal_Title,
        };
}
