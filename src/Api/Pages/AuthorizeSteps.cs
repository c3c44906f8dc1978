using OAuthMcp.Api.Http;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Pages;

internal static class AuthorizeSteps
{
    /// <summary>Shows a step. Which one it is was decided elsewhere.</summary>
    /// <param name="isApplications">Whether a refusal is the fault of the application.</param>
    public static PageResult ToResult(this AuthorizeStep step, bool isApplications = false) =>
        step switch
        {
            AuthorizeStep.SignIn(var id) => new SeeOther($"/signin?request={id}"),
            AuthorizeStep.Consent(var id) => new SeeOther($"/consent?request={id}"),
            AuthorizeStep.Upstream(var id) => new SeeOther($"/signin/upstream?request={id}"),
            AuthorizeStep.Redirect(var location, var reason) => new SeeOther(location, reason),
            AuthorizeStep.ConfirmRedirect(var location, var host, var reason) => new RefusalPage(
                reason,
                isApplications: true,
                next: Texts.Refusal_Home.Format(host, location)
            ),
            AuthorizeStep.Refuse(var reason) => Refusal(reason, isApplications),
            _ => throw new InvalidOperationException($"No page for {step.GetType().Name}."),
        };

    /// <summary>403 for a request that another browser began, 400 for all else.</summary>
    public static RefusalPage Refusal(OAuthError reason, bool isApplications = false) =>
        new(
            reason,
            reason.Code == "access_denied" ? StatusCodes.Status403Forbidden : OAuthResults.StatusOf(reason),
            isApplications && reason.RetryAfter is null
        );
}
