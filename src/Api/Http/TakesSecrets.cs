namespace OAuthMcp.Api.Http;

/// <summary>Marks endpoints that are sent secrets: over plain http they answer 400 where the public URL is https.</summary>
/// <param name="inFormsAlone">Whether only what is posted holds a secret, so that the rest is served.</param>
internal sealed class TakesSecrets(bool inFormsAlone = false)
{
    public bool InFormsAlone => inFormsAlone;
}
