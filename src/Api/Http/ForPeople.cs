namespace OAuthMcp.Api.Http;

/// <summary>Marks endpoints whose answers people read: what refuses a request before the endpoint runs shows a page too.</summary>
internal sealed class ForPeople;
