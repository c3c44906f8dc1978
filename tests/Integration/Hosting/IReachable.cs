namespace OAuthMcp.Integration.Hosting;

/// <summary>A server as its clients reach it: in this process, in one of its own, or behind a load balancer.</summary>
internal interface IReachable
{
    /// <summary>Where it takes requests.</summary>
    Uri Address { get; }

    string Issuer { get; }
    string Resource { get; }

    /// <summary>A client that follows no redirect and keeps no cookie.</summary>
    HttpClient Http();

    TestBrowser Browser();
}
