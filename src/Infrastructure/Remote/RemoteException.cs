namespace OAuthMcp.Infrastructure.Remote;

/// <summary>A provider did not follow its protocol. The message is for the log and holds no value of the answer.</summary>
internal sealed class RemoteException(string message) : Exception(message)
{
    /// <summary>Describes for the log what went wrong with a provider.</summary>
    public static string Describe(Exception failure) =>
        failure switch
        {
            RemoteException => failure.Message,
            HttpRequestException { HttpRequestError: var error } => error.ToString(),
            _ => failure.GetType().Name,
        };
}
