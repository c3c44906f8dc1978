namespace OAuthMcp.Api.Http;

/// <summary>Marks endpoints whose answers people read, so that a refusal before the endpoint is a page too.</summary>
internal sealed class ForPeople;
