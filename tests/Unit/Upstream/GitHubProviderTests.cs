using System.Net;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Infrastructure.Remote;
using OAuthMcp.Infrastructure.Upstream;

namespace OAuthMcp.Unit.Upstream;

public sealed class GitHubProviderTests
{
    [Theory]
    [InlineData("https://github.com", "https://api.github.com/user")]
    [InlineData("https://acme.ghe.com", "https://api.acme.ghe.com/user")]
    [InlineData("https://github.acme.example", "https://github.acme.example/api/v3/user")]
    [InlineData("https://tools.acme.example/github", "https://tools.acme.example/github/api/v3/user")]
    [InlineData("https://notghe.com", "https://notghe.com/api/v3/user")]
    public async Task Asks_the_api_of_the_GitHub_that_is_configured(string baseUrl, string user)
    {
        var asked = new Recorder();
        var gitHub = new GitHubProvider(Upstreams.Provider with { BaseUrl = baseUrl }, new RemoteHttp(asked));
        var redeemed = await gitHub.RedeemAsync(
            new UpstreamCode(Upstreams.CodeThere, Given.Verifier, Upstreams.SignIn().Nonce, null, "https://mcp.example/signin/callback"),
            Given.Ct
        );
        Assert.True(redeemed.Try(out var identity, out _));
        Assert.Equal("583231", identity.User.Subject);
        Assert.Equal([$"{baseUrl}/login/oauth/access_token", user], asked.Urls);
    }

    /// <summary>Answers everything by a token that is a user too.</summary>
    private sealed class Recorder : HttpMessageHandler, IHttpClientFactory
    {
        public List<string> Urls { get; } = [];

        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
        {
            Urls.Add(request.RequestUri!.AbsoluteUri);
            return Task.FromResult(
                new HttpResponseMessage(HttpStatusCode.OK)
                {
                    Content = new StringContent("""{"access_token":"gho_1","token_type":"bearer","id":583231,"login":"octocat"}"""),
                }
            );
        }
    }
}
