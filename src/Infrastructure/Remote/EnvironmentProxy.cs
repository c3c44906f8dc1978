using System.Net;

namespace OAuthMcp.Infrastructure.Remote;

/// <summary>
/// The proxy that the environment names, as <c>https_proxy</c> does, for requests to authorization servers. What stays on
/// this machine never goes through it: it is plain http, and whoever runs the proxy would read it.
/// </summary>
public sealed class EnvironmentProxy : IWebProxy
{
    public ICredentials? Credentials
    {
        get => HttpClient.DefaultProxy.Credentials;
        set => throw new NotSupportedException("The environment's proxy is as it is.");
    }

    public Uri? GetProxy(Uri destination) => destination.IsLoopback ? null : HttpClient.DefaultProxy.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || HttpClient.DefaultProxy.IsBypassed(host);
}
