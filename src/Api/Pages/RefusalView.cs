using Microsoft.AspNetCore.Html;

namespace OAuthMcp.Api.Pages;

/// <param name="ForMakers">What only the makers of the application understand, or null.</param>
public sealed record RefusalView(string Description, string? ForMakers, IHtmlContent Next, string Reference);
