using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>Walks the table of routes, so that an endpoint added tomorrow cannot forget what every endpoint needs.</summary>
public sealed class EndpointLimitTests(SharedServer shared) : IClassFixture<SharedServer>
{
    // Their limits depend on what has to be read first: the grant type in the form, the caller in the token.
    private static readonly string[] LimitedInside = ["/token", "/mcp"];

    private IReadOnlyList<RouteEndpoint> Routes =>
        [.. shared.Server.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    private IReadOnlyList<RouteEndpoint> Pages => [.. Routes.Where(IsPage)];

    [Fact]
    public async Task H_03_every_page_and_every_post_limits_how_much_it_reads()
    {
        Assert.DoesNotContain(Routes.Where(TakesPosts), route =>
            route.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize is null or > 1024 * 1024
        );
        var pages = await LoadPagesAsync();
        Assert.NotEmpty(pages);
        Assert.All(pages, page => Assert.InRange(page.OfType<IRequestSizeLimitMetadata>().Single().MaxRequestBodySize!.Value, 1, 65_536));
    }

    [Fact]
    public async Task H_03_every_page_and_every_post_limits_how_often_it_is_asked()
    {
        Assert.DoesNotContain(Routes.Where(TakesPosts), route =>
            route.Metadata.GetMetadata<EnableRateLimitingAttribute>() is null
            && !LimitedInside.Contains($"/{route.RoutePattern.RawText!.Trim('/')}")
        );
        Assert.All(await LoadPagesAsync(), page => Assert.Single(page.OfType<EnableRateLimitingAttribute>()));
    }

    [Fact]
    public void L10_every_endpoint_of_registration_limits_how_often_it_is_asked()
    {
        var registration = Routes.Where(route => route.RoutePattern.RawText!.StartsWith("/register", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, registration.Count);
        Assert.All(registration, route => Assert.NotNull(route.Metadata.GetMetadata<EnableRateLimitingAttribute>()));
    }

    [Fact]
    public async Task H_03_no_page_takes_a_form_without_the_token_of_its_session()
    {
        await using var server = await TestServer.StartAsync(("Accounts:Administrators:0", "alice"));
        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        await browser.SignInAsync();
        foreach (var page in Pages.Where(page => page.RoutePattern.RawText!.Trim('/').Length > 0)) // a post to / is MCP's
        {
            var path = $"/{page.RoutePattern.RawText!.Split('{')[0].Trim('/')}";
            using var response = await server.PostFormAsync(path, [new("request", "x")], browser.Cookies);
            await response.AssertPageAsync();
        }

        Assert.Contains("alice", (await browser.OpenAsync("/")).Text, StringComparison.Ordinal); // nor was the session ended
    }

    private static bool IsPage(RouteEndpoint route) => route.Metadata.GetMetadata<PageActionDescriptor>() is not null;

    private static bool TakesPosts(RouteEndpoint route) =>
        !IsPage(route)
        && route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is var methods
        && (methods is not { Count: > 0 } || methods.Contains("POST"));

    // What a page says of itself comes with it when it is loaded, which is when it is first asked for.
    private async Task<IReadOnlyList<IList<object>>> LoadPagesAsync()
    {
        var loader = shared.Server.App.Services.GetRequiredService<PageLoader>();
        var pages = new List<IList<object>>();
        foreach (var page in Pages)
            pages.Add((await loader.LoadAsync(page.Metadata.GetMetadata<PageActionDescriptor>()!, page.Metadata)).EndpointMetadata!);
        return pages;
    }
}
