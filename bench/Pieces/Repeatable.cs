using System.Security.Claims;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Api.Mcp;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Pieces;

/// <summary>Pieces that use nothing up, or go on with what the last operation gave.</summary>
[MemoryDiagnoser]
public class Repeatable
{
    private Product product = null!;
    private TokenResponse tokens = null!;
    private Secret refreshToken = null!;
    private AccessTokenClaims claims = null!;
    private IAccessTokenSigner signer = null!;
    private ScopeGate gate = null!;
    private DefaultHttpContext call = null!;
    private Dictionary<string, RequestDelegate> documents = null!;

    [GlobalSetup]
    public async Task StartAsync()
    {
        product = await Product.StartAsync();
        tokens = await product.ExchangeAsync(await product.CodeAsync());
        refreshToken = tokens.RefreshToken!;
        claims = (await product.CheckAsync(tokens.AccessToken)).Token;
        signer = product.Services.GetRequiredService<IAccessTokenSigner>();
        gate = ActivatorUtilities.CreateInstance<ScopeGate>(product.Services, (RequestDelegate)(_ => Task.CompletedTask));
        call = new DefaultHttpContext { RequestServices = product.Services };
        var caller = new Caller(tokens.AccessToken)
        {
            Subject = claims.Subject,
            ClientId = claims.ClientId,
            Scope = claims.Scope,
        };
        call.User = new ClaimsPrincipal(new CallerIdentity(caller));
        call.Features.Set(new MessageEnvelope(null, "tools/call", "make_authenticated_request"));
        documents = product
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.Contains("/.well-known/", StringComparison.Ordinal))
            .ToDictionary(endpoint => endpoint.RoutePattern.RawText!.Split("/.well-known/")[1], endpoint => endpoint.RequestDelegate!);
    }

    [GlobalCleanup]
    public async Task StopAsync() => await product.DisposeAsync();

    /// <summary>The bearer check of a token that this process has seen.</summary>
    [Benchmark]
    public Task CheckKnownTokenAsync() => product.CheckAsync(tokens.AccessToken);

    [Benchmark]
    public Task ScopeGateAsync() => gate.InvokeAsync(call);

    /// <summary>An access token signed with ES256.</summary>
    [Benchmark]
    public Secret MintToken() => signer.Sign(claims);

    /// <summary>Rotation, which is on the disk when it returns.</summary>
    [Benchmark]
    public async Task RefreshAsync() => refreshToken = (await product.RefreshAsync(refreshToken)).RefreshToken!;

    [Benchmark]
    public Task ClientCredentialsAsync() => product.IssueToMachineAsync();

    [Benchmark]
    [Arguments("oauth-protected-resource/mcp")]
    [Arguments("oauth-authorization-server")]
    [Arguments("jwks.json")]
    public async Task DocumentAsync(string path)
    {
        await using var scope = product.Services.CreateAsyncScope();
        var request = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        (request.Request.Method, request.Response.Body) = (HttpMethods.Get, Stream.Null);
        await documents[path](request);
        if (request.Response.StatusCode != StatusCodes.Status200OK)
            throw new InvalidOperationException($"{path} answers {request.Response.StatusCode}.");
    }
}
