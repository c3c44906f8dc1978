using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OAuthMcp.Api.Configuration;

/// <summary>
/// The certificates of <c>Protection</c>: PEM with the key in the same file or beside it, PFX, or an RSA key alone in PEM.
/// </summary>
internal static class ConfiguredProtection
{
    /// <summary>The certificate that seals the key ring, then the one that did so before. None where nothing is configured.</summary>
    /// <exception cref="ConfigurationException">A file cannot be read, or what it holds seals nothing.</exception>
    public static IReadOnlyList<X509Certificate2> Read(ProtectionOptions options, string contentRoot)
    {
        if (Read("", options.CertificateFile, options.KeyFile, options.Password, contentRoot) is not { } current)
            return options == new ProtectionOptions()
                ? []
                : throw new ConfigurationException(
                    "Protection:CertificateFile is missing; the other keys of Protection have no effect without it or Protection:KeyFile."
                );
        var previous = Read("Previous", options.PreviousCertificateFile, options.PreviousKeyFile, options.PreviousPassword, contentRoot);
        return previous is null ? [current] : [current, previous];
    }

    private static X509Certificate2? Read(string prefix, string? file, string? keyFile, string? password, string contentRoot)
    {
        if ((file ?? keyFile) is not { } first)
            return null;
        var (path, keyPath) = (Path.Combine(contentRoot, first), keyFile is null ? null : Path.Combine(contentRoot, keyFile));
        var name = $"Protection:{prefix}{(file is null ? "KeyFile" : "CertificateFile")}";
        try
        {
            var certificate =
                file is null ? OfKey(File.ReadAllText(path), password)
                : X509Certificate2.GetCertContentType(path) == X509ContentType.Pkcs12
                    ? X509CertificateLoader.LoadPkcs12FromFile(path, password)
                : password is null ? X509Certificate2.CreateFromPemFile(path, keyPath)
                : X509Certificate2.CreateFromEncryptedPemFile(path, password, keyPath);
            using var key = certificate.GetRSAPrivateKey();
            return key is not null
                ? certificate
                : throw new ConfigurationException($"{name} must hold an RSA certificate with its private key.");
        }
        catch (Exception failure)
            when (failure is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ConfigurationException($"{name}: {failure.Message}");
        }
    }

    // The same certificate at each start and on each node, since what it sealed is found by it.
    private static X509Certificate2 OfKey(string pem, string? password)
    {
        using var key = RSA.Create();
        if (password is null)
            key.ImportFromPem(pem);
        else
            key.ImportFromEncryptedPem(pem, password);
        var request = new CertificateRequest("CN=OAuthMcp", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var signature = X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1);
        using var certificate = request.Create(
            request.SubjectName,
            signature,
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch.AddYears(200),
            [1]
        );
        return certificate.CopyWithPrivateKey(key);
    }
}
