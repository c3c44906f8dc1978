using System.Globalization;
using OAuthMcp.Integration.Hosting;
using OAuthMcp.Integration.Nodes;

namespace OAuthMcp.Integration.Delivery;

/// <summary>
/// A proxy of Debian's in front of two nodes, with the file of <c>deploy/</c>, in which a test changes what an operator has to: name,
/// certificate, addresses.
/// </summary>
internal sealed class RealProxy : IReachable, IAsyncDisposable
{
    private const string Nginx = "/usr/sbin/nginx";
    private const string Caddy = "/usr/bin/caddy";
    private readonly ServerProcess process;

    private RealProxy(Uri address, ServerProcess process) => (Address, this.process) = (address, process);

    public static bool HasNginx => File.Exists(Nginx);
    public static bool HasCaddy => File.Exists(Caddy);

    public Uri Address { get; }
    public string Issuer => Address.GetLeftPart(UriPartial.Authority);
    public string Resource => Issuer + "/mcp";

    public HttpClient Http() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };

    public TestBrowser Browser() => BrowserSteps.At(Address);

    public static Task<RealProxy> StartAsync(string name, Uri address, IReadOnlyList<Node> nodes, string folder) =>
        name == "nginx" ? StartNginxAsync(address, nodes, folder) : StartCaddyAsync(address, nodes, folder);

    public async ValueTask DisposeAsync()
    {
        process.Terminate();
        await process.ExitAsync();
        await process.DisposeAsync();
    }

    private static async Task<RealProxy> StartNginxAsync(Uri address, IReadOnlyList<Node> nodes, string folder)
    {
        var (certificate, key) = WriteCertificate(folder);
        var delivered = await File.ReadAllTextAsync(
            Path.Combine(Checkout.Folder, "deploy", "nginx", "oauthmcp.conf"),
            TestContext.Current.CancellationToken
        );
        foreach (
            var (text, here) in new[]
            {
                ("127.0.0.1:8081", $"127.0.0.1:{nodes[0].Address.Port}"),
                ("127.0.0.1:8082", $"127.0.0.1:{nodes[1].Address.Port}"),
                ("listen 443 ", $"listen 127.0.0.1:{address.Port} "),
                ("server_name mcp.example.com", $"server_name {address.Host}"),
                ("/etc/ssl/mcp.example.com.pem", certificate),
                ("/etc/ssl/mcp.example.com.key", key),
            }
        )
        {
            Assert.Contains(text, delivered, StringComparison.Ordinal);
            delivered = delivered.Replace(text, here);
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "oauthmcp.conf"), delivered, TestContext.Current.CancellationToken);
        var main = Path.Combine(folder, "nginx.conf");
        var kinds = new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }.Select(kind => $"{kind}_temp_path {folder}/{kind};");
        await File.WriteAllTextAsync(
            main,
            $$"""
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            daemon off; worker_processes 1; pid {{folder}}/nginx.pid; error_log stderr notice;
            events { worker_connections 256; }
            http { access_log off; {{string.Join(' ', kinds)}} include {{folder}}/oauthmcp.conf; }
            """,
            TestContext.Current.CancellationToken
        );
        await CheckAsync(Nginx, ["-t", "-c", main], []);
        var process = ServerProcess.StartProgram(Nginx, ["-c", main]);
        await process.SaysOnErrorAsync("start worker process ");
        return new RealProxy(address, process);
    }

    private static async Task<RealProxy> StartCaddyAsync(Uri address, IReadOnlyList<Node> nodes, string folder)
    {
        var (certificate, key) = WriteCertificate(folder);
        (string, string?)[] environment =
        [
            ("PUBLIC_HOST", address.AbsoluteUri.TrimEnd('/')),
            ("UPSTREAMS", string.Join(' ', nodes.Select(node => $"127.0.0.1:{node.Address.Port}"))),
            ("CERTIFICATE", $"bind 127.0.0.1\ntls {certificate} {key}"),
            ("CADDY_ADMIN", "off"),
            ("HTTP_PORT", TestServer.FreePort().ToString(CultureInfo.InvariantCulture)),
            ("HOME", folder),
        ];
        var file = Path.Combine(Checkout.Folder, "deploy", "Caddyfile");
        await CheckAsync(Caddy, ["validate", "--config", file, "--adapter", "caddyfile"], environment);
        var process = ServerProcess.StartProgram(Caddy, ["run", "--config", file, "--adapter", "caddyfile"], environment);
        await process.SaysOnErrorAsync("serving initial configuration");
        return new RealProxy(address, process);
    }

    private static async Task CheckAsync(string program, string[] arguments, (string, string?)[] environment)
    {
        await using var check = ServerProcess.StartProgram(program, arguments, environment);
        await check.ExitAsync();
        Assert.True(check.Process.ExitCode == 0, check.Output + check.Error);
    }

    private static (string Certificate, string Key) WriteCertificate(string folder)
    {
        using var issued = TestAuthority.Issue("localhost", validToDay: 29);
        using var secret = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(issued)!;
        var (certificate, key) = (Path.Combine(folder, "certificate.pem"), Path.Combine(folder, "key.pem"));
        File.WriteAllText(certificate, issued.ExportCertificatePem());
        File.WriteAllText(key, secret.ExportPkcs8PrivateKeyPem());
        return (certificate, key);
    }
}
