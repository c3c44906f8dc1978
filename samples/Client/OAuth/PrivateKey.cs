using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace OAuthMcp.Client.OAuth;

/// <summary>The key of a client that signs assertions (RFC 7523 §2.2): ES256 on P-256, RS256 with RSA.</summary>
internal static class PrivateKey
{
    /// <param name="text">PEM (PKCS #8, SEC 1 or PKCS #1), or a JWK (RFC 7517), whose <c>kid</c> goes along.</param>
    /// <exception cref="CommandLineException">It is neither, or a key of another kind.</exception>
    public static SigningCredentials Read(string text)
    {
        try
        {
            return text.TrimStart().StartsWith('{') ? OfJwk(new JsonWebKey(text)) : OfPem(text);
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or CryptographicException)
        {
            throw new CommandLineException("--private-key must be a private key of P-256 or RSA, as PEM or JWK.");
        }
    }

    private static SigningCredentials OfJwk(JsonWebKey jwk) =>
        jwk switch
        {
            { HasPrivateKey: true, Kty: JsonWebAlgorithmsKeyTypes.EllipticCurve, Crv: JsonWebKeyECTypes.P256 } => new SigningCredentials(
                jwk,
                SecurityAlgorithms.EcdsaSha256
            ),
            { HasPrivateKey: true, Kty: JsonWebAlgorithmsKeyTypes.RSA } => new SigningCredentials(jwk, SecurityAlgorithms.RsaSha256),
            _ => throw new ArgumentException("Not a private key of P-256 or RSA."),
        };

    private static SigningCredentials OfPem(string pem)
    {
        var ecdsa = ECDsa.Create();
        try
        {
            ecdsa.ImportFromPem(pem);
            return new SigningCredentials(new ECDsaSecurityKey(ecdsa), SecurityAlgorithms.EcdsaSha256);
        }
        catch (CryptographicException)
        {
            var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return new SigningCredentials(new RsaSecurityKey(rsa), SecurityAlgorithms.RsaSha256);
        }
    }
}
