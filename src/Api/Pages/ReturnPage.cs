using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using OAuthMcp.Api.Http;
using OAuthMcp.Domain.Authorize;

namespace OAuthMcp.Api.Pages;

/// <summary>
/// Back to an application with an address of its own (RFC 8252 §7.1). The browser opens another program and stays, so this page
/// says what was decided and can open the application again.
/// </summary>
internal sealed class ReturnPage(AuthorizationResponse response) : PageResult
{
    protected override Task AnswerAsync(ActionContext context)
    {
        if (response.Error is { } error)
            context.HttpContext.Explain(error);
        return new ViewResult
        {
            ViewName = "/Pages/Shared/Return.cshtml",
            ViewData = new ViewDataDictionary<ReturnView>(new EmptyModelMetadataProvider(), new ModelStateDictionary())
            {
                Model = new ReturnView(response.Location(), response.Error),
            },
        }.ExecuteResultAsync(context);
    }
}
