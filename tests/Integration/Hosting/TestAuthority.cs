using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OAuthMcp.Integration.Hosting;

/// <summary>
/// A certificate authority made for this run, which this process trusts beside the system's own: the product checks
/// certificates as it always does, and a test can have a host with a good one, or a bad one.
/// </summary>
internal static class TestAuthority
{
    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly X509Certificate2 Root = SelfSigned();

    public static X509Certificate2 Localhost { get; } = Issue("localhost");

    /// <summary>A certificate of this authority for another host, or for another time.</summary>
    public static X509Certificate2 Issue(string host, int validFromDay = -1, int validToDay = 1)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        using var certificate = request.Create(
            Root,
            DateTimeOffset.UtcNow.AddDays(validFromDay),
            DateTimeOffset.UtcNow.AddDays(validToDay),
            RandomNumberGenerator.GetBytes(16)
        );
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>One that vouches for itself alone.</summary>
    public static X509Certificate2 SelfIssued(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    // .NET reads the variable once and from the process itself, so it has to be there before the first certificate is checked.
    [ModuleInitializer]
    internal static void Trust()
    {
        var file = Path.Combine(Path.GetTempPath(), $"oauthmcp-test-authority-{Environment.ProcessId}.pem");
        File.WriteAllText(file, Root.ExportCertificatePem());
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(file);
        if (SetEnvironment("SSL_CERT_FILE\0"u8.ToArray(), Encoding.UTF8.GetBytes(file + '\0'), 1) != 0)
            throw new InvalidOperationException("The test authority cannot be trusted.");
    }

    [DllImport("libc", EntryPoint = "setenv")]
    private static extern int SetEnvironment(byte[] name, byte[] value, int overwrite);

    private static X509Certificate2 SelfSigned()
    {
        var request = new CertificateRequest("CN=OAuthMcp test authority", Key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30));
    }
}
