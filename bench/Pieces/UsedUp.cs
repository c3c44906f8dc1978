using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Pieces;

/// <summary>Pieces that need something fresh for each operation, which is made before the time is taken.</summary>
[MemoryDiagnoser]
[InvocationCount(Operations)]
public class UsedUp
{
    private const int Operations = 500;

    private readonly Secret[] fresh = new Secret[Operations];
    private Product product = null!;
    private AccessTokenClaims claims = null!;
    private IAccessTokenSigner signer = null!;
    private int next;

    [GlobalSetup]
    public async Task StartAsync()
    {
        product = await Product.StartAsync();
        var tokens = await product.ExchangeAsync(await product.CodeAsync());
        claims = (await product.CheckAsync(tokens.AccessToken)).Token;
        signer = product.Services.GetRequiredService<IAccessTokenSigner>();
    }

    [GlobalCleanup]
    public async Task StopAsync() => await product.DisposeAsync();

    [IterationSetup(Target = nameof(CheckNewTokenAsync))]
    public void MakeTokens()
    {
        next = 0;
        for (var index = 0; index < Operations; index++)
            fresh[index] = signer.Sign(claims with { JwtId = Identifier.New("at") });
    }

    [IterationSetup(Target = nameof(ExchangeCodeAsync))]
    public void MakeCodes()
    {
        next = 0;
        for (var index = 0; index < Operations; index++)
            fresh[index] = product.CodeAsync().GetAwaiter().GetResult();
    }

    /// <summary>The bearer check of a token that is new to this process: its signature, and one statement.</summary>
    [Benchmark]
    public Task CheckNewTokenAsync() => product.CheckAsync(fresh[next++]);

    /// <summary>Redemption of a code, with a first refresh token, which is on the disk when it returns.</summary>
    [Benchmark]
    public Task ExchangeCodeAsync() => product.ExchangeAsync(fresh[next++]);
}
