using OAuthMcp.Api.Http;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Pages;

internal static class AuthorizeSteps
{
    /// <summary>Shows a step that was decided elsewhere.</summary>
    /// <param name="isApplications">Whether a refusal is the fault of the application.</param>
    public static PageResult ToResult(this AuthorizeStep step, bool isApplications = false) =>
        step switch
        {
            AuthorizeStep.SignIn(var id) => new SeeOther($"/signin?request={id}"),
            AuthorizeStep.Consent(var id) => new SeeOther($"/consent?request={id}"),
            AuthorizeStep.Upstream(var id) => new SeeOther($"/signin/upstream?request={id}"),
            AuthorizeStep.Page(var name) => new SeeOther(Destinations.PathOf(name)),
            AuthorizeStep.SignInToPage(var then) => new SeeOther(SignInSteps.Password(null, then)),
            AuthorizeStep.SignInThere(var id, var then, var reason) => new RefusalPage(
                reason,
                next: Texts.Refusal_SignInThere.Format(id is null ? SignInSteps.Password(null, then) : $"/signin/upstream?request={id}")
            ),
            AuthorizeStep.Provider(var location) => new SeeOther(location),
            AuthorizeStep.Redirect(var response) when response.OpensApplication => new ReturnPage(response),
            AuthorizeStep.Redirect(var response) => new SeeOther(response.Location(), response.Error),
            AuthorizeStep.ConfirmRedirect(var response) => new RefusalPage(
                response.Error!,
                isApplications: true,
                next: Texts.Refusal_Home.Format(RedirectUri.DisplayHost(response.RedirectUri), response.Location())
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
