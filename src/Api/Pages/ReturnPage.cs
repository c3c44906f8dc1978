using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using OAuthMcp.Api.Http;
using OAuthMcp.Domain.Authorize;

namespace OAuthMcp.Api.Pages;

/// <summary>
/// Back to an application that has an address of its own (RFC 8252 §7.1). The browser hands that to another program and
/// stays where it is, so it stays on a page that says what was decided and opens the application again.
/// </summary>
internal sealed class ReturnPage(AuthorizationResponse response) : PageResult
{
    public override Task ExecuteResultAsync(ActionContext context)
    {
        context.HttpContext.Items[RequestLog.Error] = response.Error?.Code;
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
