using System.ComponentModel;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using ModelContextProtocol.Server;

// What a user would pick instead, each as small as its documentation shows it, and honest: it answers with as many bytes as the product.
//   Peers bare                 Kestrel: reads the request as JSON and answers a fixed result
//   Peers sdk                  the official C# SDK without authorization
//   Peers sdk --echo=ADDRESS   the same with a tool that asks the API at that address
//   Peers jwt --tokens=FILE    sdk behind JwtBearer with ES256; its first start writes tokens that it takes into the file, and its key;
//                              /token makes more
//   Peers echo                 that API: it answers what it was asked, as httpbin's /anything does
const string Issuer = "https://issuer.example";
const int Tokens = 2000;

var builder = WebApplication.CreateBuilder(args[1..]);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var isBehindJwt = args[0] == "jwt";
var isSdk = isBehindJwt || args[0] == "sdk";
if (isSdk)
    builder.Services.AddMcpServer().WithHttpTransport().WithTools<WhoAmI>();
if (builder.Configuration["echo"] is { } echo)
{
    builder.Services.AddSingleton(MakeAuthenticatedRequest.To(echo));
    builder.Services.AddMcpServer().WithTools<MakeAuthenticatedRequest>();
}

var key = new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "bench" };
if (isBehindJwt)
{
    var tokens = builder.Configuration["tokens"]!;
    var keyFile = tokens + ".key";
    if (File.Exists(keyFile))
        key.ECDsa.ImportFromPem(await File.ReadAllTextAsync(keyFile));
    else
    {
        await File.WriteAllTextAsync(keyFile, key.ECDsa.ExportPkcs8PrivateKeyPem());
        await File.WriteAllLinesAsync(tokens, Enumerable.Range(0, Tokens).Select(_ => Sign(key)));
    }

    builder
        .Services.AddAuthorization()
        .AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
        .AddJwtBearer(bearer =>
        {
            bearer.MapInboundClaims = false;
            bearer.TokenValidationParameters = new TokenValidationParameters
            {
                ValidIssuer = Issuer,
                ValidAudience = "mcp",
                IssuerSigningKey = key,
            };
        });
}

var app = builder.Build();
if (args[0] == "bare")
    app.MapPost("/mcp", async http =>
    {
        using var request = await JsonDocument.ParseAsync(http.Request.Body);
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(
            $$$"""{"jsonrpc":"2.0","id":{{{request.RootElement.GetProperty("id").GetRawText()}}},"result":{{{WhoAmI.Result}}}}"""
        );
    });
else if (args[0] == "echo")
    app.Run(MakeAuthenticatedRequest.EchoAsync);
else if (isBehindJwt)
{
    app.UseAuthentication().UseAuthorization();
    app.MapPost("/token", () => Results.Json(new { access_token = Sign(key) }));
}

if (isSdk)
{
    var mcp = app.MapMcp("/mcp");
    if (isBehindJwt)
        mcp.RequireAuthorization();
}

await app.RunAsync();

static string Sign(SecurityKey key) =>
    new JsonWebTokenHandler().CreateToken(
        new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = "mcp",
            Subject = new ClaimsIdentity([
                new Claim("sub", "usr_bench"),
                new Claim("client_id", "cli_bench"),
                new Claim("scope", "mcp.read"),
                new Claim("jti", Guid.NewGuid().ToString("N")),
            ]),
            Expires = DateTime.UtcNow.AddHours(2),
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256),
        }
    );

[McpServerToolType]
internal sealed class WhoAmI
{
    // The answer is as long as the product's, which the table of the bench shows.
    private const string Text =
        """{"subject":"usr_0123456789abcdefghijklm","client_id":"cli_0123456789abcdefghijklmn","issuer":"http://localhost:18400","""
        + """ "audience":"http://localhost:18400/mcp","scopes":["mcp.read"],"expires_at":"2026-01-01T00:00:00+00:00"}""";

    public static string Result { get; } =
        "{\"content\":[{\"type\":\"text\",\"text\":"
        + JsonSerializer.Serialize(Text.PadRight(Text.Length + 144))
        + "}],\"structuredContent\":"
        + Text
        + "}";

    [McpServerTool(Name = "who_am_i", ReadOnly = true, UseStructuredContent = true)]
    [Description("Says who you are signed in as.")]
    public static JsonElement Call() => JsonSerializer.Deserialize<JsonElement>(Text);
}
