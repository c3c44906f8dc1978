namespace OAuthMcp.Api.Http;

/// <summary>Marks endpoints that are sent secrets. Over plain http they answer 400 where the public URL is https.</summary>
/// <param name="inFormsAlone">Whether only requests that act hold a secret, so that others are served.</param>
internal sealed class TakesSecrets(bool inFormsAlone = false)
{
    public bool InFormsAlone => inFormsAlone;
}
