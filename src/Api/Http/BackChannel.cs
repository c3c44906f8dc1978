namespace OAuthMcp.Api.Http;

/// <summary>Marks the endpoints that clients send secrets to: over plain http they answer 400 where the public URL is https.</summary>
internal sealed class BackChannel;
