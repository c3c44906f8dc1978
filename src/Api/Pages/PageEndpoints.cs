using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.RateLimiting;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Http;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Pages;

/// <summary>
/// Gives every page, present and future, a limit and a short form of few fields. A page that needs another says so by an attribute,
/// which wins.
/// </summary>
internal static class PageEndpoints
{
    public static void AddPages(this IServiceCollection services, ServerSettings settings) =>
        services
            .AddSingleton<ScopeTexts>()
            .AddRazorPages(pages =>
            {
                pages.RootDirectory = "/Pages";
                pages.Conventions.AddPageLimits(settings.Limits);
                // Without local accounts there is no password to change.
                if (!settings.OAuth.LocalAccounts)
                    pages.Conventions.AddFolderRouteModelConvention("/Account", page => page.Selectors.Clear());
            })
            .AddMvcOptions(mvc =>
            {
                mvc.Filters.Add<StaleForms>();
                mvc.Filters.Add<PagesWithoutForm>();
            });

    /// <summary>The front channel of the embedded authorization server.</summary>
    public static void MapPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/authorize", AuthorizeEndpoint.GetAsync).RequireRateLimiting(PeerLimits.Authorize).WithMetadata(new ForPeople());
        routes.MapRazorPages().WithMetadata(new TakesSecrets(inFormsAlone: true), new ForPeople());
    }

    /// <summary>Limits every page that has no limit of its own.</summary>
    private static void AddPageLimits(this PageConventionCollection pages, LimitsOptions limits) =>
        pages.AddFolderApplicationModelConvention("/", page =>
        {
            if (!page.HandlerTypeAttributes.OfType<BodyLimitAttribute>().Any())
                page.EndpointMetadata.Add(new BodyLimitAttribute(limits.PageBodyBytes));
            if (!page.HandlerTypeAttributes.OfType<EnableRateLimitingAttribute>().Any())
                page.EndpointMetadata.Add(new EnableRateLimitingAttribute(PeerLimits.Page));
        });

    /// <summary>
    /// Reads the form of a page before the framework does, which would take a broken form for one without its token. Multipart
    /// forms are refused, since no page has files and their parts would be written to disk.
    /// </summary>
    public static IApplicationBuilder UsePageForms(this IApplicationBuilder app) =>
        app.Use(next =>
            async http =>
            {
                if (http.GetEndpoint()?.Metadata.GetMetadata<ForPeople>() is null || !http.Request.HasFormContentType)
                    await next(http);
                else if (http.Request.ContentType!.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
                    await new RefusalPage(
                        OAuthError.InvalidRequest("The content type must be application/x-www-form-urlencoded."),
                        StatusCodes.Status415UnsupportedMediaType
                    ).ExecuteAsync(http);
                else if (await IsWellFormedAsync(http))
                    await next(http);
                else
                    await AuthorizeSteps.Refusal(OAuthError.InvalidRequest("The form is malformed.")).ExecuteAsync(http);
            }
        );

    private static async Task<bool> IsWellFormedAsync(HttpContext http)
    {
        try
        {
            await http.Request.ReadFormAsync(http.RequestAborted);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
