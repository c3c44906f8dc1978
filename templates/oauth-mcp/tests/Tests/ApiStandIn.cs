using System.Net.Http.Json;
using System.Web;

namespace Template._1.Tests;

/// <summary>Answers as the API would, and remembers the token that it was called with.</summary>
internal sealed class ApiStandIn : HttpMessageHandler
{
    public string? Token { get; private set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Token = request.Headers.Authorization?.Parameter;
        var message = HttpUtility.ParseQueryString(request.RequestUri!.Query)["message"];
        return Task.FromResult(new HttpResponseMessage { Content = JsonContent.Create(new { args = new { message } }) });
    }
}
