using MediatR;
using Microsoft.AspNetCore.Mvc.Filters;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Pages.Admin;

/// <summary>Marks a page for the accounts of <c>Accounts:Administrators</c>, who have signed in just now.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class AdministratorsOnlyAttribute : Attribute, IAsyncAuthorizationFilter, IOrderedFilter
{
    /// <summary>After the one that asks for a sign-in.</summary>
    public int Order => 1;

    public async Task OnAuthorizationAsync(AuthorizationFilterContext context)
    {
        var http = context.HttpContext;
        var mediator = http.RequestServices.GetRequiredService<IMediator>();
        var answer = await mediator.Send(new CheckAdministratorQuery(http.Account()), http.RequestAborted);
        if (!answer.Try(out var administrator, out var refusal))
            context.Result = AuthorizeSteps.Refusal(refusal);
        else if (!administrator.IsOne)
            context.Result = new RefusalPage(
                OAuthError.AccessDenied() with
                {
                    Description = "The account is none of the administrators.",
                },
                StatusCodes.Status403Forbidden,
                says: Texts.Admin_NotYou
            );
    }
}
