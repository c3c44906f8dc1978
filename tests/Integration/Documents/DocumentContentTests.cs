using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Documents;

/// <summary>What a document may say, and in how many bytes.</summary>
public sealed class DocumentContentTests(SharedDocuments shared) : IClassFixture<SharedDocuments>
{
    private readonly TestServer server = shared.Server;
    private readonly DocumentHost host = shared.Host;

    [Theory]
    [InlineData("application/json", true)]
    [InlineData("application/json; charset=utf-8", true)]
    [InlineData("Application/JSON", true)]
    [InlineData("application/x+json", true)]
    [InlineData("application/vnd.example.client+json; v=1", true)]
    [InlineData("text/html", false)]
    [InlineData("text/plain", false)]
    [InlineData("text/json", false)]
    [InlineData("text/x+json", false)]
    [InlineData("application/jsonp", false)]
    [InlineData("application/octet-stream", false)]
    [InlineData(null, false)]
    public async Task M_09_takes_JSON_that_says_it_is(string? contentType, bool accepted)
    {
        var url = host.NewUrl();
        await AssertAsync(host.Answer(url, DocumentHost.Document(url).ToJsonString(), contentType), accepted);
    }

    [Theory]
    [InlineData(5120, true, true)]
    [InlineData(5120, false, true)]
    [InlineData(5121, true, false)]
    [InlineData(5121, false, false)]
    public async Task M_10_takes_5_KB_and_not_a_byte_more(int size, bool withLength, bool accepted)
    {
        var url = host.NewUrl();
        var body = Encoding.UTF8.GetBytes(DocumentHost.Document(url).ToJsonString().PadRight(size));
        await AssertAsync(host.Answer(url, http =>
            {
                http.Response.ContentType = "application/json";
                if (withLength)
                    http.Response.ContentLength = body.Length;
                return http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
            }), accepted);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(20_000_000, false)]
    public async Task M_10_counts_what_a_compressed_document_becomes(int padding, bool accepted)
    {
        var url = host.NewUrl();
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            await gzip.WriteAsync(
                Encoding.UTF8.GetBytes(DocumentHost.Document(url).ToJsonString() + new string(' ', padding)),
                TestContext.Current.CancellationToken
            );
        await AssertAsync(host.Answer(url, http =>
            {
                (http.Response.ContentType, http.Response.Headers.ContentEncoding) = ("application/json", "gzip");
                return http.Response.Body.WriteAsync(packed.ToArray(), http.RequestAborted).AsTask();
            }), accepted);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("zstd")]
    public async Task M_10_refuses_a_document_that_is_not_compressed_as_it_says(string encoding)
    {
        var url = host.NewUrl();
        await AssertAsync(host.Answer(url, http =>
            {
                (http.Response.ContentType, http.Response.Headers.ContentEncoding) = ("application/json", encoding);
                return http.Response.Body.WriteAsync(Enumerable.Repeat((byte)0xA7, 1000).ToArray(), http.RequestAborted).AsTask();
            }), accepted: false);
    }

    [Fact]
    public async Task M_10_hangs_up_on_a_document_without_end()
    {
        var hungUp = new TaskCompletionSource();
        await AssertAsync(host.Answer(host.NewUrl(), async http =>
            {
                using var _ = http.RequestAborted.Register(hungUp.SetResult);
                http.Response.ContentType = "application/json";
                for (var kilobytes = 0; kilobytes < 10_000 && !http.RequestAborted.IsCancellationRequested; kilobytes++)
                    await http.Response.WriteAsync(new string(' ', 1024), CancellationToken.None);
                await hungUp.Task.WaitAsync(ServerProcess.Soon); // enough for who reads on, though it has no end
            }), accepted: false);
        await hungUp.Task.WaitAsync(ServerProcess.Soon, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("{0}/")]
    [InlineData("{0}?")]
    [InlineData("{0}#")]
    [InlineData(" {0}")]
    [InlineData("https://LOCALHOST:{1}{2}")]
    [InlineData("HTTPS://localhost:{1}{2}")]
    [InlineData("https://localhost{2}")]
    [InlineData("https://localhost:0{1}{2}")]
    [InlineData("https://127.0.0.1:{1}{2}")]
    [InlineData("https://localhost:{1}/%63{3}")]
    [InlineData("")]
    [InlineData(null)]
    public async Task M_12_refuses_a_document_that_names_another_client(string? format)
    {
        var url = host.NewUrl();
        var path = new Uri(url).AbsolutePath;
        var named = format is null ? null : string.Format(null, format, url, host.Port, path, path["/c".Length..]);
        await AssertAsync(host.Answer(url, DocumentHost.Document(url, ("client_id", named)).ToJsonString()), accepted: false);
    }

    [Theory]
    [InlineData("""{"client_id":"https://other.example/client.json",""")]
    [InlineData("""{"redirect_uris":["https://other.example/callback"],""")]
    [InlineData("""{"client_\u0069d":"https://other.example/client.json",""")]
    public async Task M_12_refuses_a_document_that_says_something_twice(string start)
    {
        var url = host.NewUrl();
        await AssertAsync(host.Answer(url, start + DocumentHost.Document(url).ToJsonString()[1..]), accepted: false);
    }

    [Theory]
    [InlineData("client_name", null)]
    [InlineData("client_name", "\"\"")]
    [InlineData("client_name", "\"  \"")]
    [InlineData("client_name", "1")]
    [InlineData("redirect_uris", null)]
    [InlineData("redirect_uris", "[]")]
    [InlineData("redirect_uris", "\"http://127.0.0.1:7777/callback\"")]
    [InlineData("redirect_uris", "[null]")]
    [InlineData("client_secret", "\"hush\"")]
    [InlineData("token_endpoint_auth_method", "\"client_secret_basic\"")]
    [InlineData("token_endpoint_auth_method", "\"client_secret_post\"")]
    [InlineData("token_endpoint_auth_method", "\"private_key_jwt\"")] // without keys
    [InlineData("jwks", """{"keys":[{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODw"}]}""")] // K-39
    [InlineData("jwks", """{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}""")]
    [InlineData("grant_types", "[\"implicit\"]")]
    [InlineData("grant_types", "[\"client_credentials\",\"refresh_token\"]")]
    [InlineData("response_types", "[\"token\"]")]
    public async Task M_13_refuses_a_document_that_lacks_what_it_needs_or_brings_what_it_must_not(string member, string? value) =>
        await AssertAsync(host.Publish((member, value is null ? null : JsonNode.Parse(value))), accepted: false);

    [Theory]
    [InlineData("grant_types", "[\"authorization_code\",\"refresh_token\",\"urn:ietf:params:oauth:grant-type:jwt-bearer\"]")]
    [InlineData("grant_types", "[\"client_credentials\",\"authorization_code\"]")]
    [InlineData("response_types", "[\"code\",\"token\"]")]
    [InlineData("token_endpoint_auth_methods_supported", "[\"tls_client_auth\",\"none\"]")]
    public async Task K_01_takes_a_document_that_lists_more_than_is_served(string member, string value) =>
        await AssertAsync(host.Publish((member, JsonNode.Parse(value))), accepted: true);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("not JSON")]
    [InlineData("{")]
    public async Task M_13_refuses_what_is_no_document(string body) => await AssertAsync(host.Answer(host.NewUrl(), body), accepted: false);

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("JaVaScRiPt:alert(1)")]
    [InlineData("data:text/html,hello")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/callback")]
    [InlineData("//evil.example/callback")]
    [InlineData("http://evil.example/callback")]
    [InlineData("http://localhost.evil.example/callback")]
    [InlineData("https://user@evil.example/callback")]
    [InlineData("https://evil.example/callback#fragment")]
    [InlineData("https://*.evil.example/callback")]
    [InlineData("https://evil.example/a/../callback")]
    [InlineData("unknown:/callback")]
    public async Task M_15_one_bad_redirect_uri_spoils_the_document(string uri) =>
        await AssertAsync(host.Publish(("redirect_uris", new JsonArray(TestClient.RedirectUri, uri))), accepted: false);

    private async Task AssertAsync(string url, bool accepted)
    {
        if (accepted)
            await server.AssertAcceptsDescribedAsync(url);
        else
            await server.AssertRefusesDescribedAsync(url);
        Assert.Equal(1, host.Fetches(url)); // it was looked at, and that decided
    }
}
