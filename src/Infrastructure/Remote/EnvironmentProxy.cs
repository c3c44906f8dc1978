using System.Net;

namespace OAuthMcp.Infrastructure.Remote;

/// <summary>
/// The proxy that the environment names, as in <c>https_proxy</c>, for requests to authorization servers. Requests to this machine
/// never use it: they are plain http, which the proxy could read.
/// </summary>
internal sealed class EnvironmentProxy : IWebProxy
{
    public ICredentials? Credentials
    {
        get => HttpClient.DefaultProxy.Credentials;
        set => throw new NotSupportedException("The environment's proxy is as it is.");
    }

    public Uri? GetProxy(Uri destination) => destination.IsLoopback ? null : HttpClient.DefaultProxy.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || HttpClient.DefaultProxy.IsBypassed(host);
}
