using System.Text.Json.Nodes;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Integration.Hosting;

/// <summary><c>token explain</c>: what an operator reads of a token that somebody says was refused.</summary>
public sealed class TokenCommandTests
{
    [Fact]
    public async Task Explains_a_token_from_standard_input_and_prints_nothing_that_opens_a_door()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var (token, refresh) = await client.SignInAsync();
        var claims = ForgedToken.Claims(token);

        var (output, error) = await RunAsync(server, $"Authorization: {token}", "");
        Assert.Equal("", error);
        Assert.StartsWith("No token that is known here, refused: ", output, StringComparison.Ordinal);
        (output, _) = await RunAsync(server, $"Bearer {token}\n", "");
        Assert.Equal(
            [
                "An access token, accepted",
                "type        at+jwt",
                $"issuer      {server.Issuer}",
                $"audience    {server.Resource}",
                $"client      {client.Id}",
                $"subject     {claims["sub"]} (alice)",
                "scope       mcp.read mcp.write",
                $"grant       {claims["grant"]}",
                $"token id    {claims["jti"]}",
            ],
            output.Split('\n')[..9]
        );
        Assert.Contains($"signature   good, by the key {ForgedToken.Header(token)["kid"]} (ES256)\n", output, StringComparison.Ordinal);

        await server.WithdrawGrantsAsync(client.Id);
        (output, _) = await RunAsync(server, token, "--json");
        var told = JsonNode.Parse(output)!;
        Assert.Equal(("AccessToken", false), ((string?)told["kind"], (bool)told["is_accepted"]!));
        Assert.StartsWith("grant revoked, token at_", (string?)told["why"], StringComparison.Ordinal);
        Assert.Equal("Good", (string?)told["jwt"]!["signature"]);
        foreach (var secret in token.Split('.').Append(refresh))
            Assert.DoesNotContain(secret, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_the_kinds_apart_and_what_became_of_each()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var code = await client.CodeAsync();
        await AssertAsync(server, code, TokenKind.AuthorizationCode, null);
        using var exchanged = await client.ExchangeAsync(code);
        var refresh = (string)(await exchanged.JsonAsync())["refresh_token"]!;
        await AssertAsync(server, code, TokenKind.AuthorizationCode, "The code was redeemed.");
        var live = await AssertAsync(server, refresh, TokenKind.RefreshToken, null);
        Assert.Equal((client.Id, "mcp.read mcp.write"), (live.ClientId, live.Scope));

        using var refreshed = await client.RefreshAsync(refresh);
        var next = (string)(await refreshed.JsonAsync())["refresh_token"]!;
        await AssertAsync(server, refresh, TokenKind.RefreshToken, "The refresh token was exchanged for the next one.");
        await AssertAsync(
            server,
            $"{next.Split('.')[0]}.{refresh.Split('.')[1]}x",
            TokenKind.RefreshToken,
            "The refresh token was exchanged long"
        );
        await server.DisableClientAsync(client.Id);
        await AssertAsync(server, next, TokenKind.RefreshToken, "Its client is gone or disabled.");
        await server.DisableUserAsync("alice");
        await AssertAsync(server, next, TokenKind.RefreshToken, "Its grant ");
        await AssertAsync(server, "hello", TokenKind.Unknown, "not a signed token");
    }

    [Fact]
    public async Task Says_of_a_forged_token_that_its_signature_proves_nothing()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var (token, _) = await client.SignInAsync();
        var key = (string)ForgedToken.Header(token)["kid"]!;
        var told = await AssertAsync(server, Sign(SmallIssuer.NewKey("ES256", "x")), TokenKind.AccessToken, "signed by none of the keys");
        Assert.Equal(SignatureState.UnknownKey, told.Jwt!.Signature);
        told = await AssertAsync(server, Sign(SmallIssuer.NewKey("ES256", key)), TokenKind.AccessToken, "signed by none of the keys");
        Assert.Equal((SignatureState.Wrong, key), (told.Jwt!.Signature, told.Jwt.KeyId));
        told = await AssertAsync(server, Sign(ForgedToken.Key(server), ("aud", "x")), TokenKind.AccessToken, "The access token is for x");
        Assert.Equal(SignatureState.Good, told.Jwt!.Signature);

        string Sign(Microsoft.IdentityModel.Tokens.SigningCredentials by, params (string, JsonNode?)[] changes) =>
            ForgedToken.Sign(by, ForgedToken.Changed(ForgedToken.Claims(token), changes), "at+jwt");
    }

    [Fact]
    public async Task Works_where_another_server_issues_the_tokens()
    {
        await using var issuer = await SmallIssuer.StartAsync();
        await using var server = await TestServer.StartAsync(("Authority:Issuer", issuer.Issuer));
        var told = await AssertAsync(server, issuer.Sign(server.Resource), TokenKind.AccessToken, null);
        Assert.Equal((SignatureState.Good, issuer.Issuer), (told.Jwt!.Signature, told.Jwt.Issuer));
        await AssertAsync(
            server,
            issuer.Sign("https://other.example"),
            TokenKind.AccessToken,
            "The access token is for https://other.example"
        );
        var (exitCode, output, error) = await ServerProcess.RunAsync(
            ["token", "explain", "--authority", issuer.Issuer, "--public-url", server.Issuer],
            issuer.Sign(server.Resource)
        );
        Assert.Equal((0, ""), (exitCode, error));
        Assert.StartsWith("An access token, accepted\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task H3_a_shell_with_another_algorithm_makes_no_key()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var (token, _) = await client.SignInAsync();
        var (exitCode, output, error) = await ServerProcess.RunAsync(
            ["token", "explain", "--public-url", server.Issuer, $"--Server:DataDirectory={server.DataDirectory}"],
            token,
            ("OAuth__SigningAlgorithm", "RS256")
        );
        Assert.Equal((0, ""), (exitCode, error));
        Assert.StartsWith("An access token, accepted\n", output, StringComparison.Ordinal);
        Assert.Equal(1, await server.InDatabaseAsync(db => db.SigningKeys.CountAsync(TestContext.Current.CancellationToken)));
    }

    private static async Task<TokenExplanation> AssertAsync(TestServer server, string token, TokenKind kind, string? why)
    {
        await using var scope = server.App.Services.CreateAsyncScope();
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        var result = await mediator.Send(new ExplainTokenQuery(new Secret(token)), TestContext.Current.CancellationToken);
        Assert.True(result.Try(out var told, out var refusal), refusal?.Description);
        Assert.Equal(kind, told.Kind);
        if (why is null)
            Assert.True(told.IsAccepted, told.Why);
        else
            Assert.StartsWith(why, told.Why, StringComparison.Ordinal);
        Assert.Equal(why is null, told.IsAccepted);
        return told;
    }

    private static async Task<(string Output, string Error)> RunAsync(TestServer server, string input, string option)
    {
        string[] arguments = ["token", "explain", "--public-url", server.Issuer, $"--Server:DataDirectory={server.DataDirectory}"];
        var (exitCode, output, error) = await ServerProcess.RunAsync(option is "" ? arguments : [.. arguments, option], input);
        Assert.Equal(0, exitCode);
        return (output, error);
    }
}
