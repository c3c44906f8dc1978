using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OAuthMcp.Api.Doctor;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Doctor;

/// <summary>The doctor at servers behind TLS: what is wrong with the certificate, and with a proxy that nobody trusts.</summary>
public sealed class CertificateTests
{
    [Theory]
    [InlineData("localhost", 365, "not trusted here")]
    [InlineData("other.example", 365, "not for localhost")]
    [InlineData("localhost", -1, "has expired")]
    public async Task Names_what_is_wrong_with_a_certificate_and_finds_the_rest_as_it_is(string name, int days, string says)
    {
        var faults = await ExamineAsync(name, days, ("Server:TrustedProxies:0", "127.0.0.1"), ("Server:TrustedProxies:1", "::1"));
        Assert.Equal("tls", Assert.Single(faults).Check);
        Assert.Contains(says, faults[0].Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_a_proxy_that_is_not_trusted()
    {
        var faults = await ExamineAsync("localhost", 365);
        Assert.Equal(
            ["tls", "token endpoint", "registration", "challenge", "authorization header", "origin"],
            faults.Select(fault => fault.Check)
        );
        Assert.Contains("Server:TrustedProxies", faults[1].Change, StringComparison.Ordinal);
    }

    private static async Task<List<CheckedFinding>> ExamineAsync(string name, int days, params (string, string)[] configuration)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-10), DateTimeOffset.UtcNow.AddDays(days));

        var port = TestServer.FreePort();
        await using var proxy = await BrokenProxy.StartAsync(port, certificate);
        await using var server = await TestServer.StartAsync([("OAuth:PublicUrl", $"https://localhost:{port}"), .. configuration]);
        proxy.Server = server;
        return
        [
            .. (await Patient.ExamineAsync(new Uri($"https://localhost:{port}"), server)).Where(finding =>
                finding.Verdict == Verdict.Fault
            ),
        ];
    }
}
