namespace OAuthMcp.Api.Http;

/// <summary>Marks a page that acts when it is fetched, so that a fetch counts as a post.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ActsOnGetAttribute : Attribute;
