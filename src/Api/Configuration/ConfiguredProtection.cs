using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OAuthMcp.Api.Configuration;

/// <summary>The certificates of <c>Protection</c>: PEM with the key in the same file or beside it, or PFX.</summary>
internal static class ConfiguredProtection
{
    /// <summary>The certificate that seals the key ring, then the one that did so before. None where nothing is configured.</summary>
    /// <exception cref="ConfigurationException">A file cannot be read, or what it holds seals nothing.</exception>
    public static IReadOnlyList<X509Certificate2> Read(ProtectionOptions options, string contentRoot)
    {
        if (options.CertificateFile is null)
            return options == new ProtectionOptions()
                ? []
                : throw new ConfigurationException(
                    "Protection:CertificateFile is missing; the other keys of Protection have no effect without it."
                );
        var current = Read("", options.CertificateFile, options.KeyFile, options.Password, contentRoot);
        return options.PreviousCertificateFile is { } previous
            ? [current, Read("Previous", previous, options.PreviousKeyFile, options.PreviousPassword, contentRoot)]
            : [current];
    }

    private static X509Certificate2 Read(string prefix, string file, string? keyFile, string? password, string contentRoot)
    {
        var (path, keyPath) = (Path.Combine(contentRoot, file), keyFile is null ? null : Path.Combine(contentRoot, keyFile));
        X509Certificate2 certificate;
        try
        {
            certificate =
                X509Certificate2.GetCertContentType(path) == X509ContentType.Pkcs12
                    ? X509CertificateLoader.LoadPkcs12FromFile(path, password)
                : password is null ? X509Certificate2.CreateFromPemFile(path, keyPath)
                : X509Certificate2.CreateFromEncryptedPemFile(path, password, keyPath);
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"Protection:{prefix}CertificateFile: {failure.Message}");
        }

        using var key = certificate.GetRSAPrivateKey();
        return key is not null
            ? certificate
            : throw new ConfigurationException($"Protection:{prefix}CertificateFile must hold an RSA certificate with its private key.");
    }
}
