using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using ModelContextProtocol.Authentication;
using ModelContextProtocol.Client;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Flows;

/// <summary>The official C# client with a metadata document: it signs in without registering.</summary>
public sealed class DescribedClientTests(SharedDocuments shared) : IClassFixture<SharedDocuments>
{
    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-11-25")]
    public async Task Signs_in_as_the_URL_of_its_document(string revision)
    {
        var (server, host) = (shared.Server, shared.Host);
        // no port: the client takes one when it starts
        var url = host.Publish(("client_name", "Official client"), ("redirect_uris", new JsonArray("http://localhost/callback")));
        using var browser = server.Browser();
        await using var client = await McpClient.CreateAsync(
            new HttpClientTransport(
                new HttpClientTransportOptions
                {
                    Endpoint = new Uri(server.Resource),
                    OAuth = new ClientOAuthOptions
                    {
                        RedirectUri = new Uri("http://localhost:1179/callback"),
                        ClientMetadataDocumentUri = new Uri(url),
                        AuthorizationCallbackHandler = async (context, _) =>
                        {
                            var answer = QueryHelpers.ParseQuery((await browser.AllowAsync(context.AuthorizationUri.AbsoluteUri)).Query);
                            return new AuthorizationResult
                            {
                                Code = answer["code"],
                                State = answer["state"],
                                Iss = answer["iss"],
                            };
                        },
                    },
                }
            ),
            new McpClientOptions { ProtocolVersion = revision },
            cancellationToken: TestContext.Current.CancellationToken
        );

        var me = (await client.CallToolAsync("who_am_i", cancellationToken: TestContext.Current.CancellationToken))
            .StructuredContent!
            .Value;
        Assert.Equal(url, me.GetProperty("client").GetString());
        Assert.Equal("alice", me.GetProperty("userName").GetString());
        Assert.Equal(1, host.Fetches(url));
    }
}
