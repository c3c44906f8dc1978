namespace OAuthMcp.Api.Http;

/// <summary>Marks endpoints that are sent secrets. Over plain http they answer 400 where the public URL is https.</summary>
/// <param name="inFormsAlone">Whether only posted forms hold a secret, so that other requests are served.</param>
internal sealed class TakesSecrets(bool inFormsAlone = false)
{
    public bool InFormsAlone => inFormsAlone;
}
