using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OAuthMcp.Api.Configuration;

namespace OAuthMcp.Integration.Hosting;

/// <summary>The key ring under a certificate of the operator's, so that a copy of the data directory opens nothing.</summary>
public sealed class KeyProtectionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly int port = TestServer.FreePort();

    [Theory]
    [InlineData("pem")]
    [InlineData("pfx")]
    public async Task L17_seals_the_key_ring_with_the_configured_certificate(string form)
    {
        Requires.Sqlite();
        var (data, certificate) = (NewData(), Certificate("first", form));
        var token = await SignedInAsync(data, certificate);
        AssertSealed(data);
        await using (var again = await TestServer.StartAsync(Copy(data), TestServer.FreePort(), certificate))
            AssertSealed(again.DataDirectory);
        await Assert.ThrowsAnyAsync<CryptographicException>(() => TestServer.StartAsync(Copy(data), TestServer.FreePort()));
        await Assert.ThrowsAnyAsync<CryptographicException>(() =>
            TestServer.StartAsync(Copy(data), TestServer.FreePort(), Certificate("other", form))
        );
        Assert.NotEmpty(token);
    }

    [Fact]
    public async Task L17_seals_what_lay_in_clear_before()
    {
        Requires.Sqlite();
        var data = NewData();
        var token = await SignedInAsync(data);
        Assert.Contains(KeysIn(data), text => text.Contains("<masterKey", StringComparison.Ordinal));
        var certificate = Certificate("first", "pem");
        await AssertStillAcceptsAsync(data, token, certificate);
        AssertSealed(data);
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(data, "keys")), file =>
            file.EndsWith(".new", StringComparison.Ordinal)
        );
        await AssertStillAcceptsAsync(data, token, certificate);
    }

    [Fact]
    public async Task P_04_a_new_certificate_seals_anew_and_the_old_one_then_opens_nothing()
    {
        Requires.Sqlite();
        var (data, first, second) = (NewData(), Certificate("first", "pem"), Certificate("second", "pem"));
        var token = await SignedInAsync(data, first);
        await AssertStillAcceptsAsync(
            data,
            token,
            [.. second, ("Protection:PreviousCertificateFile", first[0].Value), ("Protection:PreviousKeyFile", first[1].Value)]
        );
        await AssertStillAcceptsAsync(data, token, second);
        await Assert.ThrowsAnyAsync<CryptographicException>(() => TestServer.StartAsync(data, TestServer.FreePort(), first));
    }

    [Fact]
    public async Task L17_seals_the_key_ring_with_a_key_alone()
    {
        Requires.Sqlite();
        var (data, keyFile) = (NewData(), Certificate("first", "pem")[1].Value);
        var token = await SignedInAsync(data, ("Protection:KeyFile", keyFile));
        AssertSealed(data);
        await AssertStillAcceptsAsync(data, token, ("Protection:KeyFile", keyFile));
        await Assert.ThrowsAnyAsync<CryptographicException>(() => TestServer.StartAsync(Copy(data), TestServer.FreePort()));
    }

    [Fact]
    public async Task L17_refuses_what_cannot_seal()
    {
        Requires.Sqlite();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var elliptic = new CertificateRequest("CN=elliptic", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(1)
        );
        var file = Path.Combine(folder.Path, "elliptic.pem");
        await File.WriteAllTextAsync(
            file,
            elliptic.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem(),
            TestContext.Current.CancellationToken
        );
        await AssertRefusedAsync("must hold an RSA certificate with its private key.", ("Protection:CertificateFile", file));
        await AssertRefusedAsync("Protection:CertificateFile: ", ("Protection:CertificateFile", Path.Combine(folder.Path, "missing.pem")));
        await AssertRefusedAsync("Protection:CertificateFile is missing", ("Protection:Password", "a password"));
        await AssertRefusedAsync("Protection:KeyFile: ", ("Protection:KeyFile", Path.Combine(folder.Path, "missing.pem")));
        var elliptically = Path.Combine(folder.Path, "elliptic.key");
        await File.WriteAllTextAsync(elliptically, key.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        await AssertRefusedAsync("Protection:KeyFile: ", ("Protection:KeyFile", elliptically));
    }

    [Theory]
    [InlineData("Production", true)]
    [InlineData("Development", false)]
    public async Task L17_warns_of_keys_in_clear(string environment, bool warns)
    {
        await using var server = ServerProcess.Start(
            ["--addr", $"localhost:{TestServer.FreePort()}", $"--Server:DataDirectory={NewData()}"],
            ("ASPNETCORE_ENVIRONMENT", environment)
        );
        await server.SaysAsync("Application started");
        Assert.Equal(warns, server.Output.Contains("Protection:CertificateFile is not set", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Dispose();
    }

    private static IEnumerable<string> KeysIn(string data) =>
        Directory.EnumerateFiles(Path.Combine(data, "keys"), "key-*.xml").Select(File.ReadAllText);

    private static void AssertSealed(string data)
    {
        Assert.NotEmpty(KeysIn(data));
        Assert.All(KeysIn(data), text => Assert.DoesNotContain("<masterKey", text, StringComparison.Ordinal));
        Assert.All(KeysIn(data), text => Assert.Contains("<encryptedSecret", text, StringComparison.Ordinal));
    }

    private static async Task AssertRefusedAsync(string sentence, params (string, string)[] configuration) =>
        Assert.Contains(
            sentence,
            (
                await Assert.ThrowsAsync<ConfigurationException>(() =>
                    TestServer.StartAsync(TestServer.NewDataDirectory(), TestServer.FreePort(), configuration)
                )
            ).Message,
            StringComparison.Ordinal
        );

    private async Task<string> SignedInAsync(string data, params (string, string)[] configuration)
    {
        var server = await StartAsync(data, configuration);
        using var client = await TestClient.RegisterAsync(server);
        var token = (await client.SignInAsync()).Access;
        await server.StopAsync();
        return token;
    }

    private async Task AssertStillAcceptsAsync(string data, string token, params (string, string)[] configuration)
    {
        var server = await StartAsync(data, configuration);
        Assert.True(await server.AcceptsAsync(token));
        await server.StopAsync();
    }

    // At one address, which is the issuer of the tokens.
    private Task<TestServer> StartAsync(string data, (string, string)[] configuration) => TestServer.StartAsync(data, port, configuration);

    private string NewData() => Path.Combine(folder.Path, Path.GetRandomFileName());

    private string Copy(string data)
    {
        var copy = NewData();
        foreach (var file in Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(data, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy;
    }

    private (string Key, string Value)[] Certificate(string name, string form)
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest(
            $"CN={name}",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        ).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var file = Path.Combine(folder.Path, $"{name}.{form}");
        if (form == "pfx")
        {
            File.WriteAllBytes(file, certificate.Export(X509ContentType.Pkcs12, "a password"));
            return [("Protection:CertificateFile", file), ("Protection:Password", "a password")];
        }

        File.WriteAllText(file, certificate.ExportCertificatePem());
        File.WriteAllText(file + ".key", key.ExportPkcs8PrivateKeyPem());
        return [("Protection:CertificateFile", file), ("Protection:KeyFile", file + ".key")];
    }
}
