using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace OAuthMcp.Integration.Hosting;

/// <summary>An authenticator in software with one ES256 passkey. It answers as WebAuthn §6.3 says; a test bends what it says.</summary>
internal sealed class TestPasskey(string origin) : IDisposable
{
    private const byte UserPresent = 0x01,
        UserVerified = 0x04,
        HasCredential = 0x40;

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] id = RandomNumberGenerator.GetBytes(16);
    private string userHandle = "";

    public string Origin { get; set; } = origin;
    public bool IsCrossOrigin { get; set; }
    public bool VerifiesItsOwner { get; set; } = true;
    public uint Counter { get; set; } = 1;

    /// <summary>The answer to the options of a page that adds a passkey.</summary>
    public string Create(string options)
    {
        var asked = JsonNode.Parse(options)!;
        userHandle = (string)asked["user"]!["id"]!;
        var point = key.ExportParameters(false).Q;
        // RFC 9053 §7.1.1
        byte[] cose = [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
        byte[] data =
        [
            .. AuthenticatorData((string)asked["rp"]!["id"]!, HasCredential),
            .. new byte[16],
            0,
            (byte)id.Length,
            .. id,
            .. cose,
        ];
        byte[] attestation =
        [
            0xA3,
            0x63,
            .. "fmt"u8,
            0x64,
            .. "none"u8,
            0x67,
            .. "attStmt"u8,
            0xA0,
            0x68,
            .. "authData"u8,
            0x58,
            (byte)data.Length,
            .. data,
        ];
        return Credential(
            new()
            {
                ["clientDataJSON"] = Text(ClientData("webauthn.create", asked)),
                ["attestationObject"] = Text(attestation),
                ["transports"] = new JsonArray("internal"),
            }
        );
    }

    /// <summary>The answer to the options of a page that signs in.</summary>
    public string Get(string options)
    {
        var asked = JsonNode.Parse(options)!;
        var (data, clientData) = (AuthenticatorData((string)asked["rpId"]!, 0), ClientData("webauthn.get", asked));
        var signature = key.SignData(
            [.. data, .. SHA256.HashData(clientData)],
            HashAlgorithmName.SHA256,
            DSASignatureFormat.Rfc3279DerSequence
        );
        return Credential(
            new()
            {
                ["clientDataJSON"] = Text(clientData),
                ["authenticatorData"] = Text(data),
                ["signature"] = Text(signature),
                ["userHandle"] = userHandle,
            }
        );
    }

    public void Dispose() => key.Dispose();

    private byte[] AuthenticatorData(string relyingParty, byte flags)
    {
        var counter = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(counter, Counter++);
        return
        [
            .. SHA256.HashData(Encoding.UTF8.GetBytes(relyingParty)),
            (byte)(flags | UserPresent | (VerifiesItsOwner ? UserVerified : 0)),
            .. counter,
        ];
    }

    private byte[] ClientData(string type, JsonNode asked) =>
        Encoding.UTF8.GetBytes(
            new JsonObject
            {
                ["type"] = type,
                ["challenge"] = (string)asked["challenge"]!,
                ["origin"] = Origin,
                ["crossOrigin"] = IsCrossOrigin,
            }.ToJsonString()
        );

    private string Credential(JsonObject response) =>
        new JsonObject
        {
            ["id"] = Text(id),
            ["rawId"] = Text(id),
            ["type"] = "public-key",
            ["response"] = response,
            ["clientExtensionResults"] = new JsonObject(),
        }.ToJsonString();

    private static string Text(byte[] octets) => Base64Url.EncodeToString(octets);
}
