using System.Buffers.Text;
using Microsoft.AspNetCore.Mvc.Core.Infrastructure;
using Microsoft.AspNetCore.Mvc.Filters;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Pages;

/// <summary>
/// Answers a form without a token of this session, which is forged or was left open while its user signed in or out in another tab.
/// Nothing of it is done, and a link leads on.
/// </summary>
internal sealed class StaleForms : IAsyncAlwaysRunResultFilter
{
    private const int IdBytes = 32;

    public async Task OnResultExecutionAsync(ResultExecutingContext context, ResultExecutionDelegate next)
    {
        if (context.Result is IAntiforgeryValidationFailedResult)
        {
            var request = context.HttpContext.Request;
            var form = await FormAsync(request);
            context.Result = new RefusalPage(
                OAuthError.InvalidRequest("The form has no token of this session."),
                next: Texts.Refusal_GoOn.Format(WayOn(context.HttpContext.GetEndpoint(), form["request"], form["then"])),
                says: Texts.Refusal_Stale
            );
        }

        await next();
    }

    private static async Task<IFormCollection> FormAsync(HttpRequest request)
    {
        try
        {
            return request.HasFormContentType ? await request.ReadFormAsync(request.HttpContext.RequestAborted) : FormCollection.Empty;
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException)
        {
            return FormCollection.Empty; // a broken form, in which no token could be found
        }
    }

    // Always an address of this server, which repeats only what looks like an id.
    private static string WayOn(Endpoint? page, string? requestId, string? then) =>
        Base64Url.IsValid(requestId, out var length) && length == IdBytes
            ? SignInSteps.Password(requestId, null)
            : Destinations.PathOf(page?.Metadata.GetMetadata<SignedInAttribute>()?.Destination ?? then);
}
