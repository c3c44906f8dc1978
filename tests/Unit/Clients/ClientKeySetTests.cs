using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using OAuthMcp.Domain.Clients;

namespace OAuthMcp.Unit.Clients;

/// <summary>Which keys a client may sign with.</summary>
public sealed class ClientKeySetTests
{
    [Fact]
    public void Takes_public_keys()
    {
        Assert.Null(ClientKeySet.Refuse(Given.Jwks));
        Assert.Null(Refuse(Ec("1"), Rsa("2", 2048), Rsa("3", 4096), new() { ["kty"] = "OKP", ["kid"] = "4" }));
        Assert.Null(Refuse(Without(Ec("1"), "kid")));
    }

    [Theory]
    [InlineData("d")]
    [InlineData("p")]
    [InlineData("q")]
    [InlineData("dp")]
    [InlineData("dq")]
    [InlineData("qi")]
    [InlineData("oth")]
    [InlineData("k")]
    public void K_39_refuses_a_private_member(string member)
    {
        const string Reason = "a private or symmetric key";
        Assert.Equal(Reason, Refuse(With(Ec("1"), member, "AQAB")));
        Assert.Equal(Reason, Refuse(Ec("1"), With(Rsa("2", 2048), member, "AQAB")));
        Assert.Equal(
            Reason,
            Refuse(
                Ec("1"),
                new()
                {
                    ["kty"] = "OKP",
                    ["kid"] = "2",
                    [member] = "AQAB",
                }
            )
        );
        Assert.Equal(Reason, Refuse(new JsonObject { ["kty"] = "oct" }));
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(2040)]
    [InlineData(4104)]
    public void L4_refuses_an_RSA_key_that_is_weak_or_costly(int bits) =>
        Assert.Equal($"an RSA key of {bits} bits, where 2048 to 4096 may be", Refuse(Rsa("1", bits)));

    [Theory]
    [InlineData("")]
    [InlineData("AQ")]
    [InlineData("AAAC")]
    [InlineData("__________8B")]
    [InlineData("not base64url!")]
    public void L4_refuses_an_RSA_key_of_another_exponent(string exponent) =>
        Assert.Equal("an RSA key without a usable n and e", Refuse(With(Rsa("1", 2048), "e", exponent)));

    [Theory]
    [InlineData("y", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyA")]
    [InlineData("x", "AA")]
    [InlineData("y", null)]
    public void K_39_refuses_a_point_that_is_not_on_its_curve(string member, string? value) =>
        Assert.Equal("an EC key whose point is not on its curve", Refuse(With(Ec("1"), member, value)));

    [Fact]
    public void Refuses_an_unknown_curve() => Assert.Equal("an EC key of an unknown curve", Refuse(With(Ec("1"), "crv", "secp256k1")));

    [Fact]
    public void L4_refuses_more_than_five_keys()
    {
        Assert.Null(Refuse([.. Enumerable.Range(0, 5).Select(i => Ec($"{i}"))]));
        Assert.Equal("6 keys, where 5 may be", Refuse([.. Enumerable.Range(0, 6).Select(i => Ec($"{i}"))]));
    }

    [Fact]
    public void L4_wants_a_name_for_each_of_several_keys()
    {
        const string Reason = "several keys of which each needs a kid of its own";
        Assert.Equal(Reason, Refuse(Ec("1"), Without(Ec("2"), "kid")));
        Assert.Equal(Reason, Refuse(Ec("1"), Ec("1")));
        Assert.Equal(Reason, Refuse(Ec("1"), With(Ec("2"), "kid", "")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"keys":[]}""")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("""{"keys":[],"keys":[{"kty":"OKP"}]}""")]
    [InlineData("""{"keys":[{"kty":"EC","kty":"RSA"}]}""")]
    public void Refuses_what_is_no_key_set(string jwks) => Assert.Equal("no JWK set", ClientKeySet.Refuse(jwks));

    [Fact]
    public void Refuses_a_set_without_a_key_to_verify_with()
    {
        Assert.Equal("no RSA or EC key", Refuse(new JsonObject { ["kty"] = "OKP" }));
        Assert.Equal("an entry that is no key", ClientKeySet.Refuse("""{"keys":["key"]}"""));
    }

    private static string? Refuse(params JsonObject[] keys) =>
        ClientKeySet.Refuse(new JsonObject { ["keys"] = new JsonArray([.. keys]) }.ToJsonString());

    private static JsonObject Ec(string kid) => With(JsonNode.Parse(Given.Jwks)!["keys"]![0]!.DeepClone().AsObject(), "kid", kid);

    // A modulus of that many bits: only its size is looked at.
    private static JsonObject Rsa(string kid, int bits)
    {
        var modulus = RandomNumberGenerator.GetBytes(bits / 8);
        (modulus[0], modulus[^1]) = ((byte)(modulus[0] | 0x80), (byte)(modulus[^1] | 1));
        return new()
        {
            ["kty"] = "RSA",
            ["kid"] = kid,
            ["n"] = Base64Url.EncodeToString(modulus),
            ["e"] = "AQAB",
        };
    }

    private static JsonObject With(JsonObject key, string member, string? value)
    {
        key[member] = value;
        return key;
    }

    private static JsonObject Without(JsonObject key, string member)
    {
        key.Remove(member);
        return key;
    }
}
