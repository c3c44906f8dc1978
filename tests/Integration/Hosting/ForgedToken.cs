using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Infrastructure.Keys;

namespace OAuthMcp.Integration.Hosting;

/// <summary>A copy of a good access token with one thing changed, signed by the server's own key or by another.</summary>
internal static class ForgedToken
{
    public static JsonObject Claims(string token) => (JsonObject)JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!;

    public static JsonObject Header(string token) => (JsonObject)JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[0]))!;

    /// <summary>The server's current key.</summary>
    public static SigningCredentials Key(TestServer server) => server.App.Services.GetRequiredService<SigningKeyRing>().Current;

    /// <param name="claims">Members to set; a null one is removed.</param>
    public static string Resign(TestServer server, string token, params (string Name, JsonNode? Value)[] claims) =>
        Sign(Key(server), Changed(Claims(token), claims), "at+jwt");

    public static string Sign(SigningCredentials key, JsonObject claims, string? type, Dictionary<string, object>? header = null) =>
        new JsonWebTokenHandler().CreateToken(
            claims.ToJsonString(),
            key,
            new Dictionary<string, object>(header ?? []) { ["typ"] = type ?? "JWT" }
        );

    public static JsonObject Changed(JsonObject good, params (string Name, JsonNode? Value)[] changes)
    {
        foreach (var (name, value) in changes)
            if (value is null)
                good.Remove(name);
            else
                good[name] = value;
        return good;
    }

    /// <summary>A compact JWS from its parts; <paramref name="sign"/> gets the signing input.</summary>
    public static string Assemble(JsonObject header, JsonObject claims, Func<byte[], byte[]> sign)
    {
        var input =
            Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString()))
            + "."
            + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()));
        return $"{input}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(input)))}";
    }
}
