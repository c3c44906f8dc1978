namespace OAuthMcp.Infrastructure.Remote;

/// <summary>A provider did not do as its protocol says. The message is for the log: it holds no value of the answer.</summary>
internal sealed class RemoteException(string message) : Exception(message)
{
    /// <summary>What went wrong on the way to a provider, for the log.</summary>
    public static string Describe(Exception failure) =>
        failure switch
        {
            RemoteException => failure.Message,
            HttpRequestException { HttpRequestError: var error } => error.ToString(),
            _ => failure.GetType().Name,
        };
}
