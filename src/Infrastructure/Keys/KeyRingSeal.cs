using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Logging;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Infrastructure.Keys;

/// <summary>
/// Seals again, with the present certificate, what lies in clear or under the former one. Data Protection itself seals new keys
/// alone, so older ones would stay readable to whoever reads them.
/// </summary>
/// <param name="certificates">The present one, then those that open what is older; none when keys lie in clear.</param>
internal sealed class KeyRingSeal(
    IKeyRing ring,
    IReadOnlyList<X509Certificate2> certificates,
    IServiceProvider services,
    ILoggerFactory logs
)
{
    private static readonly XNamespace Ring = "http://schemas.asp.net/2015/03/dataProtection";
    private static readonly XNamespace Signature = "http://www.w3.org/2000/09/xmldsig#";

    /// <exception cref="System.Security.Cryptography.CryptographicException">No certificate at hand opens a key.</exception>
    public void Renew()
    {
        if (certificates is not [var present, ..])
            return;
        foreach (var (name, key) in ring.Read())
        {
            var secrets = key.Descendants().Where(element => IsClear(element) || IsSealedOtherwise(element, present)).ToList();
            if (secrets.Count == 0)
                continue;
            foreach (var secret in secrets)
                secret.ReplaceWith(Close(IsClear(secret) ? secret : Open(secret), present));
            ring.Replace(name, key);
        }
    }

    private static bool IsClear(XElement element) => (bool?)element.Attribute(Ring + "requiresEncryption") == true;

    private static bool IsSealedOtherwise(XElement element, X509Certificate2 present) =>
        element.Name == Ring + "encryptedSecret"
        && !element
            .Descendants(Signature + "X509Certificate")
            .Any(sealing => Convert.FromBase64String(sealing.Value).AsSpan().SequenceEqual(present.RawData));

    private XElement Open(XElement secret) => new EncryptedXmlDecryptor(services).Decrypt(secret.Elements().Single());

    private XElement Close(XElement secret, X509Certificate2 present)
    {
        var closed = new CertificateXmlEncryptor(present, logs).Encrypt(new XElement(secret));
        return new XElement(
            Ring + "encryptedSecret",
            new XAttribute("decryptorType", closed.DecryptorType.AssemblyQualifiedName!),
            closed.EncryptedElement
        );
    }
}
