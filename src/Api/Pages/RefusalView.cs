using Microsoft.AspNetCore.Html;

namespace OAuthMcp.Api.Pages;

/// <param name="ForMakers">What helps the makers of the application alone, or null.</param>
internal sealed record RefusalView(string Description, string? ForMakers, IHtmlContent Next, string Reference);
