namespace OAuthMcp.Api.Http;

/// <summary>Marks a page that does something when it is fetched, so that fetching it counts as posting to it.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ActsOnGetAttribute : Attribute;
